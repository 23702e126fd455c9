"""Rules SD: offers in the style of Firefox and Safari, and floods of everything an offer can hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiortc import sdp as aiortc_sdp

from webrtc.codecs import Format
from webrtc.errors import NegotiationError
from webrtc.ice_lite import Credentials
from webrtc.ids import Mid, PeerId, Ssrc, TrackId
from webrtc.negotiation import Candidate, LocalTransport, OutgoingTrack, Sink, answer_publish, answer_subscribe
from webrtc.sdp import (
    AUDIO_LEVEL_EXTENSION,
    MAX_EXTENSIONS,
    MAX_FEEDBACK,
    MAX_FINGERPRINTS,
    MAX_FORMATS,
    MAX_RIDS,
    MAX_SSRCS,
    MID_EXTENSION,
    REPAIRED_RID_EXTENSION,
    RID_EXTENSION,
    TRANSPORT_SEQUENCE_EXTENSION,
    parse_offer,
)

VECTORS = Path(__file__).parent / "vectors"
CHROMIUM = (VECTORS / "chromium_publish.sdp").read_bytes().decode()
FIREFOX = (VECTORS / "firefox_publish.sdp").read_bytes().decode()
SAFARI = (VECTORS / "safari_subscribe.sdp").read_bytes().decode()
LOCAL = LocalTransport(Credentials("hubufrag", "p" * 32), "AA:BB", "active", (Candidate("udp", "192.0.2.2", 4000),), 1)
VOICE, CAMERA = TrackId("voice"), TrackId("camera")
PUBLISHED = {Mid("0"): VOICE, Mid("1"): CAMERA}


def test_SD2_an_offer_of_firefox_is_answered() -> None:
    text, (voice, camera) = answer_publish(parse_offer(FIREFOX), PUBLISHED, LOCAL)
    answer = aiortc_sdp.SessionDescription.parse(text)
    assert [(media.kind, media.port, media.direction) for media in answer.media] == [
        ("audio", 9, "recvonly"),
        ("video", 9, "recvonly"),
    ]
    assert (voice.payload_type, voice.ssrc, voice.red_payload_type) == (109, 2914771106, None)
    assert (camera.payload_type, camera.rtx_payload_type, camera.rids) == (120, 124, ("h", "l"))
    assert camera.ssrc is None, "layers are recognised by their rids"
    assert "a=rid:h recv\r\na=rid:l recv\r\na=simulcast:recv h;l\r\n" in text


def test_SD8_header_extensions_are_answered_in_their_direction() -> None:
    text, _ = answer_publish(parse_offer(FIREFOX), PUBLISHED, LOCAL)
    lines = [line for line in text.split("\r\n") if line.startswith("a=extmap:")]
    assert lines == [
        f"a=extmap:3 {MID_EXTENSION}",
        f"a=extmap:1 {AUDIO_LEVEL_EXTENSION}",
        f"a=extmap:3 {MID_EXTENSION}",
        f"a=extmap:8/recvonly {RID_EXTENSION}",
        f"a=extmap:9/recvonly {REPAIRED_RID_EXTENSION}",
    ]
    for direction in ("recvonly", "inactive"):
        unsent = FIREFOX.replace(f"a=extmap:1 {AUDIO}", f"a=extmap:1/{direction} {AUDIO}")
        assert AUDIO not in answer_publish(parse_offer(unsent), PUBLISHED, LOCAL)[0]


AUDIO = AUDIO_LEVEL_EXTENSION


def test_SI1_the_drafts_way_of_naming_layers_is_understood() -> None:
    former = FIREFOX.replace("a=simulcast:send h;l", "a=simulcast: send rid=h;l")
    _, (_, camera) = answer_publish(parse_offer(former), PUBLISHED, LOCAL)
    assert camera.rids == ("h", "l")


def test_SD2_the_direction_of_the_session_counts_where_an_m_line_has_none() -> None:
    head, *sections = FIREFOX.replace("a=sendonly\r\n", "").split("m=")
    for direction, is_taken in (("sendonly", True), ("sendrecv", True), ("recvonly", False)):
        offer = parse_offer("m=".join([head.replace("a=sendrecv", f"a={direction}"), *sections]))
        assert [section.direction for section in offer.sections] == [direction] * 2
        if not is_taken:
            with pytest.raises(NegotiationError, match="does not send"):
                answer_publish(offer, PUBLISHED, LOCAL)


def watch(offer: str, wanted: Format) -> tuple[str, dict[Mid, Sink]]:
    tracks = {
        Mid("0"): OutgoingTrack(VOICE, PeerId("ana"), "audio", Ssrc(75), Ssrc(76), Format("opus")),
        Mid("1"): OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), wanted),
    }
    return answer_subscribe(parse_offer(offer), tracks, LOCAL)


def test_SD5_an_offer_of_safari_to_watch_is_answered() -> None:
    """It prefers H.264; what a viewer gets is what the publisher sends."""
    text, sinks = watch(SAFARI, Format("vp8"))
    assert sinks[Mid("1")] == Sink(100, 3, 101, None)
    assert sinks[Mid("0")] == Sink(111, 3, None, 63)
    answer = aiortc_sdp.SessionDescription.parse(text)
    assert [codec.mimeType for codec in answer.media[1].rtp.codecs] == ["video/VP8", "video/rtx"]
    assert [media.direction for media in answer.media] == ["sendonly", "sendonly"]


def test_CC1_a_viewer_without_transport_wide_numbers_is_not_numbered() -> None:
    plain = SAFARI.replace(TRANSPORT_SEQUENCE_EXTENSION, "x").replace("transport-cc", "x")
    text, sinks = watch(plain, Format("vp8"))
    assert sinks[Mid("1")].transport_sequence is None
    assert "transport" not in text


def flood(line: str, count: int) -> str:
    return CHROMIUM.replace("a=rtcp-rsize\r\n", "".join(line % n + "\r\n" for n in range(count)), 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CHROMIUM.replace("SAVPF 111", "SAVPF" + " 111" * (MAX_FORMATS + 1)), "128 formats"),
        (flood("a=ssrc:%d cname:x", MAX_SSRCS + 1), "64 SSRCs"),
        (flood("a=rid:r%d send", MAX_RIDS + 1), "16 rids"),
        (flood("a=simulcast:send " + ";".join("abc" * 9) + "%d", 1), "16 simulcast streams"),
        (flood("a=extmap:7 urn:x:%d", MAX_EXTENSIONS + 1), "64 header extensions"),
        (flood("a=rtcp-fb:* x%d", MAX_FEEDBACK + 1), "32 kinds of feedback"),
        (flood("a=rtcp-fb:111 x%d", MAX_FEEDBACK + 1), "32 kinds of feedback"),
        (flood("a=fingerprint:sha-256 %d", MAX_FINGERPRINTS + 1), "16 fingerprints"),
        (flood("a=candidate:%d 1 udp 1 192.0.2.1 9 typ host", 1000), "32 candidates"),
        (CHROMIUM + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 1500, "64 m-lines"),
        (flood("a=rid:abcdefghijklmnopq%d send", 1), "1 to 16"),
        (flood("a=rid:h/../%d send", 1), "1 to 16"),
        (flood("a=rid: send%d", 1).replace("send0", "send"), "1 to 16"),
        (flood("a=rtpmap:200%d opus/48000/2", 1), "payload type"),
        (flood("a=ssrc:99999999999%d", 1), "SSRC"),
    ],
)
def test_AD1_floods_are_refused_with_the_limit_they_broke(text: str, words: str) -> None:
    with pytest.raises(NegotiationError, match=words):
        parse_offer(text)


def test_AD1_the_largest_offer_that_is_taken_is_answered() -> None:
    """At every limit at once: nothing in the answer grows faster than the offer."""
    lines = "".join(f"a=rtcp-fb:* x{n}\r\n" for n in range(20)) + "".join(f"a=ssrc:{n} cname:x\r\n" for n in range(9))
    formats = " ".join(map(str, range(96, 128)))
    section = (
        f"m=video 9 UDP/TLS/RTP/SAVPF {formats}\r\na=mid:m%d\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    )
    head = CHROMIUM.split("m=audio")[0].replace("BUNDLE 0 1 2", "BUNDLE " + " ".join(f"m{n}" for n in range(64)))
    transport = (
        "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 AA\r\na=setup:actpass\r\n"
    )
    text = head + transport + "".join(section % n + lines.replace("a=ssrc:", f"a=ssrc:{n}00") for n in range(64))
    offer = parse_offer(text)
    answer, sources = answer_publish(offer, {Mid(f"m{n}"): TrackId(f"t{n}") for n in range(64)}, LOCAL)
    assert len(sources) == 64
    assert len(answer) < 2 * len(text)
