"""Reading a session description offer (RFC 8866, RFC 9429) into what the hub needs of it.

Rule: any text gives an Offer or a NegotiationError that says what is wrong; sizes are bounded before anything is read.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from webrtc.errors import NegotiationError
from webrtc.ids import Mid, Ssrc

MAX_SDP_BYTES = 64 * 1024
MAX_SECTIONS = 64
MAX_CANDIDATES = 32
"""Different ones; browsers repeat them in every m-line."""
MAX_LAYERS = 4
"""Simulcast layers of a track; browsers send three at most."""
MAX_FORMATS = 128
"""Payload types of an m-line: as many as there are."""
MAX_SSRCS = 64
MAX_RIDS = 16
MAX_EXTENSIONS = 64
MAX_FEEDBACK = 32
"""Kinds of feedback for one payload type."""
MAX_FINGERPRINTS = 16

MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
TRANSPORT_SEQUENCE_EXTENSION = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
AUDIO_LEVEL_EXTENSION = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

MediaDirection = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
Setup = Literal["actpass", "active", "passive"]
AnsweredSetup = Literal["active", "passive"]

_DIRECTIONS: tuple[MediaDirection, ...] = ("sendrecv", "sendonly", "recvonly", "inactive")
_SETUPS: tuple[Setup, ...] = ("actpass", "active", "passive")
_MAX_TOKEN = 256
_RID_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-_")


@dataclass(slots=True)
class Codec:
    payload_type: int
    name: str = ""
    """Lower case, with clock rate and channels: `opus/48000/2`."""
    parameters: str = ""
    feedback: set[str] = field(default_factory=set)


@dataclass(slots=True)
class MediaSection:
    """One m-line and what hangs on it."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    mid: Mid | None = None
    direction: MediaDirection = "sendrecv"
    codecs: dict[int, Codec] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    extension_directions: dict[str, str] = field(default_factory=dict)
    """Of those that are not meant both ways (RFC 8285 section 5)."""
    ssrcs: list[Ssrc] = field(default_factory=list)
    repair_ssrcs: set[int] = field(default_factory=set)
    """Those that only repeat another (FID, FEC-FR)."""
    rtx_ssrcs: dict[int, Ssrc] = field(default_factory=dict)
    """By the SSRC whose packets they carry again (FID)."""
    rtcp_mux: bool = False
    rtcp_rsize: bool = False
    bundle_only: bool = False
    send_rids: list[str] = field(default_factory=list)
    """Described by a=rid (RFC 8851)."""
    simulcast: tuple[str, ...] = ()
    """Named in a=simulcast:send (RFC 8853), the first of each list of alternatives."""

    @property
    def is_rejected(self) -> bool:
        """Port 0 refuses an m-line, unless it only waits for its bundle (RFC 9143 section 6)."""
        return self.port == 0 and not self.bundle_only

    def extmap(self, uri: str, direction: Literal["recvonly", "sendonly"]) -> list[str]:
        """The answer's line for a header extension that we use in this direction; none when it is not offered so."""
        offered = self.extension_directions.get(uri, "sendrecv")
        if uri not in self.extensions or offered in (direction, "inactive"):
            return []
        return [f"a=extmap:{self.extensions[uri]}{'' if offered == 'sendrecv' else f'/{direction}'} {uri}"]

    @property
    def media_ssrc(self) -> Ssrc | None:
        return next((ssrc for ssrc in self.ssrcs if ssrc not in self.repair_ssrcs), None)

    @property
    def layers(self) -> tuple[str, ...]:
        """The rids of the layers it can send; empty when it sends one stream, or layers that can't be told apart."""
        if MID_EXTENSION not in self.extensions or RID_EXTENSION not in self.extensions:
            return ()
        rids = [rid for rid in dict.fromkeys(self.simulcast) if rid in self.send_rids]
        return tuple(rids[:MAX_LAYERS])


@dataclass(slots=True)
class Offer:
    session_id: str = ""
    """Stays the same as long as the peer connection lives."""
    ufrag: str = ""
    password: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    """(algorithm in lower case, value in upper case)"""
    setup: Setup | None = None
    bundle: tuple[str, ...] = ()
    sections: list[MediaSection] = field(default_factory=list)
    candidates: set[str] = field(default_factory=set)
    direction: MediaDirection = "sendrecv"
    """Of m-lines that say none (RFC 8866 section 6.7)."""
    allows_mixed_extensions: bool = False
    """Header extensions of both forms in one stream (RFC 8285 section 6); a dependency structure needs the longer."""

    def section(self, mid: Mid) -> MediaSection | None:
        return next((section for section in self.sections if section.mid == mid), None)


def parse_offer(text: str) -> Offer:
    """Raise NegotiationError when this is not an offer the hub could answer."""
    if len(text.encode("utf-8", "replace")) > MAX_SDP_BYTES:
        raise NegotiationError(f"the session description is longer than {MAX_SDP_BYTES // 1024} KiB")
    offer = Offer()
    section: MediaSection | None = None
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "v=0":
        raise NegotiationError("this is not a session description: it starts with v=0")
    for line in lines:
        kind, separator, value = line.partition("=")
        if not line or separator != "=" or len(kind) != 1:
            if line.strip():
                raise NegotiationError("a line of the session description is not of the form letter=value")
        elif kind == "o":
            offer.session_id = " ".join(value.split()[:2])
        elif kind == "m":
            _limit(len(offer.sections) + 1, MAX_SECTIONS, "m-lines", "the session description")
            section = _parse_media_line(value)
            section.direction = offer.direction
            offer.sections.append(section)
        elif kind == "a":
            name, _, attribute = value.partition(":")
            _read_attribute(offer, section, name, attribute)
    _check(offer)
    return offer


def _parse_media_line(value: str) -> MediaSection:
    parts = value.split()
    if len(parts) < 4:
        raise NegotiationError("an m-line is incomplete")
    _limit(len(parts) - 3, MAX_FORMATS, "formats")
    return MediaSection(parts[0], _number(parts[1].partition("/")[0], 65535, "port"), parts[2], tuple(parts[3:]))


def _read_attribute(offer: Offer, section: MediaSection | None, name: str, value: str) -> None:
    """Transport attributes count where they come first: with BUNDLE all m-lines share one transport."""
    if name == "ice-ufrag":
        offer.ufrag = offer.ufrag or value
    elif name == "ice-pwd":
        offer.password = offer.password or value
    elif name == "fingerprint":
        algorithm, _, digest = value.partition(" ")
        fingerprint = (algorithm.lower(), digest.strip().upper())
        if fingerprint not in offer.fingerprints:
            offer.fingerprints.append(fingerprint)
            _limit(len(offer.fingerprints), MAX_FINGERPRINTS, "fingerprints", "the session description")
    elif name == "setup":
        setup = next((known for known in _SETUPS if known == value), None)
        if setup is None:
            raise NegotiationError("a=setup is actpass, active or passive")
        offer.setup = offer.setup or setup
    elif name == "candidate":
        offer.candidates.add(value)
        _limit(len(offer.candidates), MAX_CANDIDATES, "candidates", "the session description")
    elif name == "group" and section is None:
        semantics, *mids = value.split()[: MAX_SECTIONS + 1] or [""]
        if semantics == "BUNDLE" and not offer.bundle:
            offer.bundle = tuple(mids)
    elif name == "extmap-allow-mixed" and section is None:
        offer.allows_mixed_extensions = True
    elif name in _DIRECTIONS:
        (section or offer).direction = next(known for known in _DIRECTIONS if known == name)
    elif section is not None:
        reader = _SECTION_READERS.get(name)
        if reader is not None:
            reader(section, value)


def _read_mid(section: MediaSection, value: str) -> None:
    if not 0 < len(value) <= 16 or not value.isascii() or not value.isprintable() or " " in value:
        raise NegotiationError("a=mid is a token of 1 to 16 characters")
    section.mid = Mid(value)


def _codec(section: MediaSection, payload_type: str) -> Codec:
    number = _number(payload_type, 127, "payload type")
    return section.codecs.setdefault(number, Codec(number))


def _read_rtpmap(section: MediaSection, value: str) -> None:
    payload_type, _, name = value.partition(" ")
    _codec(section, payload_type).name = name.strip().lower()


def _read_fmtp(section: MediaSection, value: str) -> None:
    payload_type, _, parameters = value.partition(" ")
    if payload_type.isdigit():
        _codec(section, payload_type).parameters = parameters.strip()


def _read_feedback(section: MediaSection, value: str) -> None:
    payload_type, _, feedback = value.partition(" ")
    numbers = section.formats if payload_type == "*" else (payload_type,)
    for number in numbers:
        if payload_type != "*" or number.isdigit():
            known = _codec(section, number).feedback
            known.add(feedback.strip().lower())
            _limit(len(known), MAX_FEEDBACK, "kinds of feedback for one payload type")


def _read_extension(section: MediaSection, value: str) -> None:
    name, _, uri = value.partition(" ")
    uri = uri.split(" ")[0]
    number, _, direction = name.partition("/")
    section.extensions[uri] = _number(number, 4095, "header extension id")
    _limit(len(section.extensions), MAX_EXTENSIONS, "header extensions")
    if direction in _DIRECTIONS:
        section.extension_directions[uri] = direction


def _read_ssrc(section: MediaSection, value: str) -> None:
    ssrc = Ssrc(_number(value.partition(" ")[0], 0xFFFFFFFF, "SSRC"))
    if ssrc not in section.ssrcs:
        section.ssrcs.append(ssrc)
        _limit(len(section.ssrcs), MAX_SSRCS, "SSRCs")


def _read_ssrc_group(section: MediaSection, value: str) -> None:
    semantics, *ssrcs = value.split()[:4] or [""]
    if semantics in ("FID", "FEC-FR"):
        numbers = [_number(ssrc, 0xFFFFFFFF, "SSRC") for ssrc in ssrcs]
        section.repair_ssrcs.update(numbers[1:])
        if semantics == "FID" and len(numbers) > 1:
            section.rtx_ssrcs[numbers[0]] = Ssrc(numbers[1])


def _read_rtcp_mux(section: MediaSection, value: str) -> None:
    section.rtcp_mux = True


def _read_rtcp_rsize(section: MediaSection, value: str) -> None:
    section.rtcp_rsize = True


def _read_bundle_only(section: MediaSection, value: str) -> None:
    section.bundle_only = True


def _read_rid(section: MediaSection, value: str) -> None:
    rid, _, description = value.partition(" ")
    if description.partition(" ")[0] == "send":
        if not 0 < len(rid) <= 16 or not _RID_CHARACTERS.issuperset(rid):
            raise NegotiationError("a rid has 1 to 16 letters, digits, hyphens and underscores")
        section.send_rids.append(rid)
        _limit(len(section.send_rids), MAX_RIDS, "rids")


def _read_simulcast(section: MediaSection, value: str) -> None:
    """RFC 8853 section 5.1; `rid=` before the list is how its drafts had it, and some Firefox still does."""
    directions = value.split()[:4]
    for direction, streams in zip(directions[::2], directions[1::2], strict=False):
        if direction == "send":
            alternatives = streams.removeprefix("rid=").split(";")
            _limit(len(alternatives), MAX_RIDS, "simulcast streams")
            section.simulcast = tuple(names.partition(",")[0].removeprefix("~") for names in alternatives)


_SECTION_READERS: dict[str, Callable[[MediaSection, str], None]] = {
    "mid": _read_mid,
    "rtpmap": _read_rtpmap,
    "fmtp": _read_fmtp,
    "rtcp-fb": _read_feedback,
    "extmap": _read_extension,
    "ssrc": _read_ssrc,
    "ssrc-group": _read_ssrc_group,
    "rtcp-mux": _read_rtcp_mux,
    "rtcp-rsize": _read_rtcp_rsize,
    "bundle-only": _read_bundle_only,
    "rid": _read_rid,
    "simulcast": _read_simulcast,
}


def _number(text: str, highest: int, what: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > highest:
        raise NegotiationError(f"a {what} is not a number up to {highest}")
    return int(text)


def _limit(count: int, most: int, what: str, where: str = "an m-line") -> None:
    if count > most:
        raise NegotiationError(f"{where} has more than {most} {what}")


def _check(offer: Offer) -> None:
    if not offer.sections:
        raise NegotiationError("the session description has no m-line")
    if not 4 <= len(offer.ufrag) <= _MAX_TOKEN or not 22 <= len(offer.password) <= _MAX_TOKEN:
        raise NegotiationError("a=ice-ufrag or a=ice-pwd is missing, too short or too long")
    if not offer.fingerprints:
        raise NegotiationError("a=fingerprint is missing: media is always encrypted")
    if offer.setup is None:
        raise NegotiationError("a=setup is missing")
    mids = [section.mid for section in offer.sections if not section.is_rejected]
    if None in mids or len(set(mids)) != len(mids):
        raise NegotiationError("every m-line needs an a=mid of its own")
    if len(mids) > 1 and not set(mids) <= set(offer.bundle):
        raise NegotiationError("all m-lines must be bundled (a=group:BUNDLE)")
