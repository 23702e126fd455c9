"""Offer → answer, for publishing and for watching (RFC 9429). The hub only ever answers.

Rule: an m-line gets an answer that is true: what is not forwarded is inactive, what can't be is refused with port 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from webrtc.codecs import (
    VIDEO_CODECS,
    Choice,
    Format,
    choose_published,
    choose_watched,
    decodable,
    describe,
    payload_types,
)
from webrtc.dependency_descriptor import EXTENSION as DEPENDENCY_EXTENSION
from webrtc.errors import NegotiationError
from webrtc.ice_lite import Credentials
from webrtc.ids import Kind, Mid, PeerId, Ssrc, TrackId
from webrtc.published_track import Source
from webrtc.sdp import (
    AUDIO_LEVEL_EXTENSION,
    MID_EXTENSION,
    REPAIRED_RID_EXTENSION,
    RID_EXTENSION,
    TRANSPORT_SEQUENCE_EXTENSION,
    AnsweredSetup,
    MediaSection,
    Offer,
    Setup,
)

_KINDS: tuple[Kind, ...] = ("audio", "video")
_FEEDBACK = ("nack", "nack pli", "ccm fir", "transport-cc")
_EXTENSIONS = (
    MID_EXTENSION,
    RID_EXTENSION,
    REPAIRED_RID_EXTENSION,
    AUDIO_LEVEL_EXTENSION,
    TRANSPORT_SEQUENCE_EXTENSION,
)
Transport = Literal["udp", "tcp"]
Viewers = Collection[Collection[Format]]

_PROTOCOLS = ("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF")
_HOST_PREFERENCE: dict[Transport, int] = {"udp": 126 << 24, "tcp": 90 << 24 | 4 << 21}
"""RFC 8445 section 5.1.2.2; TCP is for where UDP does not get through, and passive is 4 (RFC 6544 section 4.2)."""


class Candidate(NamedTuple):
    """Where the hub can be reached; over TCP it waits to be connected to."""

    transport: Transport
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class LocalTransport:
    """Our side of one connection, as the answer says it."""

    credentials: Credentials
    fingerprint: str
    setup: AnsweredSetup
    candidates: tuple[Candidate, ...]
    version: int
    """Counts the answers of this connection."""


@dataclass(frozen=True, slots=True)
class _Body:
    """What an accepted m-line says beside its transport."""

    payload_types: list[int]
    lines: list[str]


class Sink(NamedTuple):
    """What negotiation said about a watched track: how its packets are to be sent."""

    payload_type: int
    transport_sequence: int | None = None
    """The id of the header extension that numbers packets over all streams; None: the viewer tells no arrival times."""
    rtx_payload_type: int | None = None
    """For what is sent again (RFC 4588); None: the same packet again."""
    red_payload_type: int | None = None
    """For redundant audio (RFC 2198); None: the viewer gets each sound once."""
    dependency_id: int | None = None
    """Of the header extension for dependency descriptors; None: the viewer does not read them."""


@dataclass(frozen=True, slots=True)
class OutgoingTrack:
    """A track on its way to a viewer."""

    track_id: TrackId
    peer_id: PeerId
    """Whose it is: the id of the MediaStream the browser will see."""
    kind: Kind
    ssrc: Ssrc
    rtx_ssrc: Ssrc
    format: Format


def choose_setup(offered: Setup | None) -> AnsweredSetup:
    """We open the DTLS handshake when the offerer lets us: then no stranger's ClientHello is ever read."""
    return "passive" if offered == "active" else "active"


def sending_mids(offer: Offer) -> list[Mid]:
    """The m-lines in which the peer wants to send."""
    return [
        section.mid
        for section in offer.sections
        if section.mid is not None
        and not section.is_rejected
        and section.kind in _KINDS
        and section.direction in ("sendonly", "sendrecv")
    ]


def receiving_mids(offer: Offer, kind: Kind) -> list[Mid]:
    """The m-lines of this kind in which the peer wants to receive, in order."""
    return [
        section.mid
        for section in offer.sections
        if section.mid is not None
        and not section.is_rejected
        and section.kind == kind
        and section.direction in ("recvonly", "sendrecv")
    ]


def layers_of(section: MediaSection) -> tuple[str, ...]:
    """The simulcast layers that are taken from this m-line; of sound there is only one."""
    return section.layers if section.kind == "video" else ()


def decodable_formats(offer: Offer) -> frozenset[Format] | None:
    """What pictures the peer can decode, as its m-lines for receiving say; None when it has none."""
    sections = [section for mid in receiving_mids(offer, "video") if (section := offer.section(mid)) is not None]
    return frozenset.union(*map(decodable, sections)) if sections else None


def format_of(section: MediaSection, viewers: Viewers = ()) -> Format | None:
    """What `answer_publish` will take of this m-line; None when there is nothing."""
    choice = _choose(section, viewers)
    return None if choice is None else choice.format


def _choose(section: MediaSection, viewers: Viewers) -> Choice | None:
    kind = _kind(section)
    return choose_published(section, kind, viewers if kind == "video" else ())


def answer_publish(
    offer: Offer,
    tracks: Mapping[Mid, TrackId],
    local: LocalTransport,
    viewers: Viewers = (),
) -> tuple[str, list[Source]]:
    """Accept what `tracks` names; any other m-line becomes inactive. Raise NegotiationError when one can't be taken.

    `viewers` is what everybody who watches can decode: a codec for all is taken where the offer has one.
    """
    sending = sending_mids(offer)
    for mid in tracks:
        if mid not in sending:
            raise NegotiationError(f"m-line {mid} is not in the offer, or does not send")
    sources: list[Source] = []
    bodies: dict[Mid, _Body] = {}
    for section in offer.sections:
        if section.mid is None or section.mid not in tracks:
            continue
        _check_protocol(section)
        kind = _kind(section)
        choice = _choose(section, viewers)
        if choice is None:
            wanted = "opus" if kind == "audio" else " or ".join(VIDEO_CODECS)
            raise NegotiationError(f"m-line {section.mid} does not offer {wanted}")
        rids = layers_of(section)
        if section.media_ssrc is None and MID_EXTENSION not in section.extensions:
            raise NegotiationError(f"m-line {section.mid} names neither an SSRC nor the mid header extension")
        sources.append(_source(section, tracks[section.mid], kind, choice, rids))
        uris = (*_EXTENSIONS, DEPENDENCY_EXTENSION) if choice.format.name == "av1" else _EXTENSIONS
        extensions = [line for uri in uris for line in section.extmap(uri, "recvonly")]
        lines = ["a=recvonly", *extensions, *describe(choice, _FEEDBACK)]
        if rids:
            lines += [*(f"a=rid:{rid} recv" for rid in rids), f"a=simulcast:recv {';'.join(rids)}"]
        bodies[section.mid] = _Body(payload_types(section, choice), lines)
    ssrcs = [source.ssrc for source in sources if source.ssrc is not None]
    if len(set(ssrcs)) != len(ssrcs):
        raise NegotiationError("two m-lines name the same SSRC")
    return _build(offer, bodies, local), sources


def _source(section: MediaSection, track_id: TrackId, kind: Kind, choice: Choice, rids: tuple[str, ...]) -> Source:
    assert section.mid is not None
    codec = choice.codec
    ssrc = None if rids else section.media_ssrc
    return Source(
        track_id,
        section.mid,
        kind,
        codec.payload_type,
        48_000 if kind == "audio" else 90_000,
        ssrc,
        "nack" in codec.feedback,
        "nack pli" in codec.feedback,
        "ccm fir" in codec.feedback,
        rids,
        choice.format,
        choice.rtx,
        None if ssrc is None else section.rtx_ssrcs.get(ssrc),
        choice.red,
        section.extensions.get(DEPENDENCY_EXTENSION) if choice.format.name == "av1" else None,
    )


def answer_subscribe(
    offer: Offer, tracks: Mapping[Mid, OutgoingTrack], local: LocalTransport
) -> tuple[str, dict[Mid, Sink]]:
    """Send `tracks`; any other m-line becomes inactive. Returns the answer and how each track is to be sent.

    A track whose format the viewer can't decode has no Sink and an inactive m-line: tell its user.
    """
    sinks: dict[Mid, Sink] = {}
    bodies: dict[Mid, _Body] = {}
    choices: dict[Mid, tuple[MediaSection, Choice]] = {}
    for mid, track in tracks.items():
        section = offer.section(mid)
        if section is None or mid not in receiving_mids(offer, track.kind):
            raise NegotiationError(f"m-line {mid} is not in the offer, or does not receive {track.kind}")
        _check_protocol(section)
        choice = choose_watched(section, track.format)
        if choice is not None:
            choices[mid] = section, choice
    # A numbered packet can only come again as RTX (LI1): who has none is better served without numbers (LI8).
    is_numbered = not any(
        tracks[mid].kind == "video" and choice.rtx is None and "nack" in choice.codec.feedback
        for mid, (_, choice) in choices.items()
    )
    for mid, (section, choice) in choices.items():
        track = tracks[mid]
        codec = choice.codec
        may_number = is_numbered and "transport-cc" in codec.feedback
        numbering = section.extmap(TRANSPORT_SEQUENCE_EXTENSION, "sendonly") if may_number else []
        number = section.extensions[TRANSPORT_SEQUENCE_EXTENSION] if numbering else None
        describing = section.extmap(DEPENDENCY_EXTENSION, "sendonly") if track.format.name == "av1" else []
        dependency_id = section.extensions[DEPENDENCY_EXTENSION] if describing else None
        sinks[mid] = Sink(codec.payload_type, number, choice.rtx, choice.red, dependency_id)
        names = [f"a=msid:{track.peer_id} {track.track_id}", f"a=ssrc:{track.ssrc} cname:{track.peer_id}"]
        if choice.rtx is not None:
            names.append(f"a=ssrc-group:FID {track.ssrc} {track.rtx_ssrc}")
            names.append(f"a=ssrc:{track.rtx_ssrc} cname:{track.peer_id}")
        # Who tells no arrival times may at least say what it believes of its line.
        feedback = tuple(name for name in _FEEDBACK if is_numbered or name != "transport-cc")
        feedback = feedback if numbering else (*feedback, "goog-remb")
        lines = ["a=sendonly", *numbering, *describing, *describe(choice, feedback), *names]
        bodies[mid] = _Body(payload_types(section, choice), lines)
    return _build(offer, bodies, local), sinks


def _kind(section: MediaSection) -> Kind:
    return "audio" if section.kind == "audio" else "video"


def _check_protocol(section: MediaSection) -> None:
    if section.protocol not in _PROTOCOLS:
        raise NegotiationError(f"m-line {section.mid} is not encrypted RTP (UDP/TLS/RTP/SAVPF)")
    if not section.rtcp_mux:
        raise NegotiationError(f"m-line {section.mid} lacks a=rtcp-mux")


def _build(offer: Offer, bodies: Mapping[Mid, _Body], local: LocalTransport) -> str:
    sections: list[str] = []
    accepted: list[str] = []
    for section in offer.sections:
        body = None
        if section.mid is not None and not section.is_rejected and section.kind in _KINDS:
            body = bodies.get(section.mid) or _inactive(section)
        if body is None or section.mid is None:
            sections += [f"m={section.kind} 0 {section.protocol} {section.formats[0]}", "c=IN IP4 0.0.0.0"]
            sections += [f"a=mid:{section.mid}"] if section.mid is not None else []
            continue
        sections += [
            f"m={section.kind} 9 {section.protocol} {' '.join(map(str, body.payload_types))}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{section.mid}",
            *_transport_lines(local, with_candidates=not accepted),
            "a=rtcp-mux",
            *(["a=rtcp-rsize"] if section.rtcp_rsize else []),
            *body.lines,
        ]
        accepted.append(section.mid)
    if not accepted:
        raise NegotiationError("nothing in this offer can be used: audio needs Opus, video VP8, H.264, VP9 or AV1")
    head = [
        "v=0",
        f"o=- {_session_number(offer)} {local.version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(accepted)}",
        *(["a=extmap-allow-mixed"] if offer.allows_mixed_extensions else []),
        "a=msid-semantic:WMS *",
    ]
    return "\r\n".join(head + sections) + "\r\n"


def _session_number(offer: Offer) -> str:
    """A number for our o= line that stays the same for the same peer connection."""
    digits = "".join(character for character in offer.session_id if character.isdigit())
    return digits[-18:] or "1"


def _inactive(section: MediaSection) -> _Body | None:
    """An m-line that carries nothing now but may again; without a codec in common it can't, and is refused."""
    choice = _choose(section, ())
    if choice is None or section.protocol not in _PROTOCOLS:
        return None
    return _Body(payload_types(section, choice), ["a=inactive", *describe(choice, _FEEDBACK)])


def _transport_lines(local: LocalTransport, with_candidates: bool) -> list[str]:
    lines = [
        f"a=ice-ufrag:{local.credentials.ufrag}",
        f"a=ice-pwd:{local.credentials.password}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        f"a=setup:{local.setup}",
    ]
    return [*lines, *candidate_lines(local)] if with_candidates else lines


def candidate_lines(local: LocalTransport) -> list[str]:
    """Where we are; there will be no others."""
    lines = []
    for index, (transport, address, port) in enumerate(local.candidates):
        priority = _HOST_PREFERENCE[transport] | (8191 - index) << 8 | 255
        tail = " tcptype passive" if transport == "tcp" else ""
        lines.append(f"a=candidate:{index + 1} 1 {transport} {priority} {address} {port} typ host{tail}")
    return [*lines, "a=end-of-candidates"]
