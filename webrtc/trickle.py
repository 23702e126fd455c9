"""SDP fragments: what an ICE agent tells after its offer, and what we answer to a restart (RFC 8840, RFC 9725 4.3).

Rule: any text gives a Fragment or a NegotiationError that says what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from webrtc.errors import NegotiationError
from webrtc.negotiation import LocalTransport, candidate_lines
from webrtc.sdp import MAX_CANDIDATES, MAX_SDP_BYTES, MAX_SECTIONS

_MAX_TOKEN = 256


@dataclass(slots=True)
class Fragment:
    ufrag: str = ""
    password: str = ""
    media: str = ""
    """The value of its first m-line; the answer repeats it."""
    mid: str = ""
    candidates: set[str] = field(default_factory=set)
    """We are lite, so they are counted and never used: peers find us."""


def parse_fragment(text: str) -> Fragment:
    """Raise NegotiationError when this is not a fragment with ICE credentials in it."""
    if len(text.encode("utf-8", "replace")) > MAX_SDP_BYTES:
        raise NegotiationError(f"the SDP fragment is longer than {MAX_SDP_BYTES // 1024} KiB")
    fragment = Fragment()
    sections = 0
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        kind, separator, value = line.partition("=")
        if separator != "=" or kind not in ("a", "m") or not line.isprintable():
            raise NegotiationError("a line of the SDP fragment is neither a=… nor m=…")
        if kind == "m":
            sections += 1
            fragment.media = fragment.media or value.strip()
            if sections > MAX_SECTIONS:
                raise NegotiationError(f"the SDP fragment has more than {MAX_SECTIONS} m-lines")
        else:
            _read_attribute(fragment, *value.partition(":")[::2])
    if not 4 <= len(fragment.ufrag) <= _MAX_TOKEN or not 22 <= len(fragment.password) <= _MAX_TOKEN:
        raise NegotiationError("a=ice-ufrag or a=ice-pwd is missing, too short or too long")
    return fragment


def _read_attribute(fragment: Fragment, name: str, value: str) -> None:
    if name == "ice-ufrag":
        fragment.ufrag = fragment.ufrag or value.strip()
    elif name == "ice-pwd":
        fragment.password = fragment.password or value.strip()
    elif name == "mid":
        fragment.mid = fragment.mid or value.strip()
    elif name == "candidate":
        fragment.candidates.add(value)
        if len(fragment.candidates) > MAX_CANDIDATES:
            raise NegotiationError(f"the SDP fragment has more than {MAX_CANDIDATES} candidates")


def build_fragment(restarted: Fragment, local: LocalTransport) -> str:
    """Our side after an ICE restart: new credentials, and where we are."""
    lines = ["a=ice-lite", f"m={restarted.media or 'audio 9 UDP/TLS/RTP/SAVPF 0'}"]
    if restarted.mid:
        lines.append(f"a=mid:{restarted.mid}")
    lines += [f"a=ice-ufrag:{local.credentials.ufrag}", f"a=ice-pwd:{local.credentials.password}"]
    return "\r\n".join(lines + candidate_lines(local)) + "\r\n"
