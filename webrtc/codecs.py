"""Which codec of an m-line is taken: what the hub forwards, in which order, and who can decode what.

Rule: the choice is a function of the offer and a preference; nothing is decoded, so a codec is a name and a profile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from webrtc.ids import Kind
from webrtc.sdp import Codec, MediaSection

VIDEO_CODECS = ("vp8", "h264", "vp9", "av1")
"""What is forwarded. VP8 first: the oldest machine decodes it, and every browser must (RFC 7742 section 5)."""

_NAMES = {"opus/48000/2": "opus", **{f"{name}/90000": name for name in VIDEO_CODECS}}
_SPELLING = {"opus": "opus/48000/2", "vp8": "VP8/90000", "h264": "H264/90000", "vp9": "VP9/90000", "av1": "AV1/90000"}
_DEFAULT_H264_PROFILE = "420010"
"""RFC 6184 section 8.1"""


class Format(NamedTuple):
    """What a decoder has to know of a stream."""

    name: str
    rank: int = 0
    """Of H.264 profiles; a decoder of one decodes the lower ones too."""


class Choice(NamedTuple):
    """The codec of one m-line with what belongs to it."""

    codec: Codec
    format: Format
    rtx: int | None = None
    """The payload type of its retransmissions (RFC 4588)."""
    red: int | None = None
    """The payload type of redundant audio around it (RFC 2198)."""


def format_of(codec: Codec) -> Format | None:
    """None for what is not forwarded, or not in this flavour."""
    name = _NAMES.get(codec.name)
    if name is None:
        return None
    parameters = read_parameters(codec.parameters)
    if name == "h264":
        if parameters.get("packetization-mode") != "1":
            return None
        rank = h264_rank(parameters.get("profile-level-id", _DEFAULT_H264_PROFILE))
        return None if rank is None else Format(name, rank)
    if parameters.get("profile-id" if name == "vp9" else "profile", "0") != "0":
        return None
    return Format(name)


def read_parameters(text: str) -> dict[str, str]:
    """The `name=value` pairs of an fmtp line."""
    pairs = (part.partition("=") for part in text.split(";")[:32])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def h264_rank(profile_level_id: str) -> int | None:
    """0 constrained baseline, 1 baseline, 2 main, 3 constrained high, 4 high (RFC 6184 section 8.1); None: another."""
    try:
        profile, constraints = int(profile_level_id[:2], 16), int(profile_level_id[2:4], 16)
    except ValueError:
        return None
    if len(profile_level_id) != 6:
        return None
    if profile == 0x42:
        return 0 if constraints & 0x40 else 1
    if profile == 0x4D:
        return 0 if constraints & 0x80 else 2
    if profile == 0x64:
        return 3 if constraints & 0x0C == 0x0C else 4
    return None


def choose_published(section: MediaSection, kind: Kind, viewers: Collection[Collection[Format]] = ()) -> Choice | None:
    """The first of the hub's preference that the publisher offers, in the profile that most can decode.

    `viewers`: what each can decode; a codec that all can comes before one that some can't.
    """
    offered = list(_offered(section))
    found: list[Choice] = []
    for name in ("opus",) if kind == "audio" else VIDEO_CODECS:
        fitting = [(format_, codec) for codec, format_ in offered if format_.name == name]
        if fitting:
            format_, codec = min(fitting, key=lambda pair: pair[0].rank)
            found.append(_complete(section, codec, format_))
    shared = (choice for choice in found if all(can_decode(formats, choice.format) for formats in viewers))
    return next(shared, found[0] if found else None)


def choose_watched(section: MediaSection, wanted: Format) -> Choice | None:
    """How a viewer gets a stream of this format; None when it can't decode it."""
    fitting = [(f, c) for c, f in _offered(section) if f.name == wanted.name and f.rank >= wanted.rank]
    if not fitting:
        return None
    format_, codec = min(fitting, key=lambda pair: pair[0].rank)
    return _complete(section, codec, format_)


def decodable(section: MediaSection) -> frozenset[Format]:
    """The formats that somebody who offers to receive this m-line can decode: the highest profile of each codec."""
    return frozenset(format_ for _, format_ in _offered(section))


def can_decode(formats: Iterable[Format], wanted: Format) -> bool:
    return any(format_.name == wanted.name and format_.rank >= wanted.rank for format_ in formats)


def describe(choice: Choice, feedback: Iterable[str]) -> list[str]:
    """The lines of an answer that say so."""
    codec, format_, rtx, red = choice
    number = codec.payload_type
    lines = [f"a=rtpmap:{number} {_SPELLING[format_.name]}"]
    parameters = _answer_parameters(codec, format_)
    if parameters:
        lines.append(f"a=fmtp:{number} {parameters}")
    lines += [f"a=rtcp-fb:{number} {name}" for name in feedback if name in codec.feedback]
    if rtx is not None:
        lines += [f"a=rtpmap:{rtx} rtx/90000", f"a=fmtp:{rtx} apt={number}"]
    if red is not None:
        lines += [f"a=rtpmap:{red} red/48000/2", f"a=fmtp:{red} {number}/{number}"]
    return lines


def payload_types(section: MediaSection, choice: Choice) -> list[int]:
    """Of an answer's m-line, the preferred one first: whoever offers redundant audio first wants it first."""
    taken = [number for number in (choice.codec.payload_type, choice.red, choice.rtx) if number is not None]
    order = {format_: place for place, format_ in reversed(list(enumerate(section.formats)))}
    return sorted(taken, key=lambda number: (number == choice.rtx, order.get(str(number), len(order))))


def _answer_parameters(codec: Codec, format_: Format) -> str:
    if format_.name == "opus":
        return "minptime=10;useinbandfec=1"
    if format_.name == "h264":
        profile = read_parameters(codec.parameters).get("profile-level-id", _DEFAULT_H264_PROFILE)
        return f"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={profile}"
    return ""


def _offered(section: MediaSection) -> Iterable[tuple[Codec, Format]]:
    """Those the m-line itself names, in its order."""
    for format_ in dict.fromkeys(section.formats):
        codec = section.codecs.get(int(format_)) if format_.isdecimal() and len(format_) <= 3 else None
        known = None if codec is None else format_of(codec)
        if codec is not None and known is not None:
            yield codec, known


def _complete(section: MediaSection, codec: Codec, format_: Format) -> Choice:
    number = str(codec.payload_type)
    rtx = red = None
    for other in section.codecs.values():
        if str(other.payload_type) not in section.formats:
            continue
        # A retransmission without NACK is never asked for.
        if other.name == "rtx/90000" and read_parameters(other.parameters).get("apt") == number:
            rtx = other.payload_type if "nack" in codec.feedback else None
        elif other.name == "red/48000/2" and other.parameters.split("/")[0] in ("", number):
            red = other.payload_type
    return Choice(codec, format_, rtx if format_.name != "opus" else None, red if format_.name == "opus" else None)
