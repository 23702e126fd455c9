"""Rules SD and AD1: any text, real offers of Chromium and aiortc, and what is answered; aiortc reads the answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiortc import sdp as aiortc_sdp
from hypothesis import given
from hypothesis import strategies as st

from webrtc.codecs import Format, choose_watched, h264_rank
from webrtc.errors import NegotiationError
from webrtc.ice_lite import Credentials
from webrtc.ids import Mid, PeerId, Ssrc, TrackId
from webrtc.negotiation import (
    Candidate,
    LocalTransport,
    OutgoingTrack,
    answer_publish,
    answer_subscribe,
    choose_setup,
    decodable_formats,
    receiving_mids,
    sending_mids,
)
from webrtc.sdp import (
    AUDIO_LEVEL_EXTENSION,
    MAX_CANDIDATES,
    MAX_SDP_BYTES,
    MAX_SECTIONS,
    MID_EXTENSION,
    RID_EXTENSION,
    TRANSPORT_SEQUENCE_EXTENSION,
    parse_offer,
)

VECTORS = Path(__file__).parent / "vectors"
# Bytes, because text mode would change the line ends.
PUBLISH = (VECTORS / "chromium_publish.sdp").read_bytes().decode()
SUBSCRIBE = (VECTORS / "chromium_subscribe.sdp").read_bytes().decode()
CANDIDATES = (
    Candidate("udp", "192.0.2.2", 4000),
    Candidate("udp", "2001:db8::2", 4000),
    Candidate("tcp", "192.0.2.2", 4443),
)
LOCAL = LocalTransport(Credentials("hubufrag", "p" * 32), "AA:BB", "active", CANDIDATES, 3)
AUDIO, VIDEO = Mid("0"), Mid("1")
VOICE, CAMERA = TrackId("voice"), TrackId("camera")

VP8 = Format("vp8")

UNKNOWN_VIDEO = re.sub("(VP8|VP9|H264|AV1)/90000", "VP7/90000", PUBLISH)

LINES = st.sampled_from(sorted({*PUBLISH.split("\r\n"), *SUBSCRIBE.split("\r\n")}))


@given(st.text(max_size=300))
def test_SD1_any_text_is_an_offer_or_refused(text: str) -> None:
    for candidate in (text, "v=0\r\n" + text):
        with pytest.raises(NegotiationError):
            parse_offer(candidate)


@given(
    st.lists(LINES | st.text(max_size=30).map("a=".__add__) | st.text(max_size=30).map("m=audio ".__add__), max_size=60)
)
def test_SD1_any_mixture_of_lines_is_an_offer_or_refused(lines: list[str]) -> None:
    try:
        offer = parse_offer("\r\n".join(["v=0", *lines]))
        answer_publish(offer, dict.fromkeys(sending_mids(offer), VOICE), LOCAL)
    except NegotiationError:
        pass


@given(st.integers(0, len(PUBLISH) - 1), st.characters())
def test_SD1_a_changed_offer_is_an_offer_or_refused(position: int, character: str) -> None:
    try:
        offer = parse_offer(PUBLISH[:position] + character + PUBLISH[position + 1 :])
        answer_publish(offer, dict.fromkeys(sending_mids(offer), VOICE), LOCAL)
    except NegotiationError:
        pass


def test_SD1_both_parsers_read_the_same() -> None:
    ours, oracle = parse_offer(PUBLISH), aiortc_sdp.SessionDescription.parse(PUBLISH)
    assert [section.kind for section in ours.sections] == [media.kind for media in oracle.media]
    assert [section.mid for section in ours.sections] == [media.rtp.muxId for media in oracle.media]
    assert ours.ufrag == oracle.media[0].ice.usernameFragment
    assert ours.password == oracle.media[0].ice.password
    assert [(f.algorithm, f.value) for f in oracle.media[0].dtls.fingerprints] == ours.fingerprints
    for section, media in zip(ours.sections[:2], oracle.media[:2], strict=True):
        assert section.direction == media.direction
        assert section.media_ssrc == media.ssrc[0].ssrc
        assert {codec.payload_type for codec in section.codecs.values()} == {c.payloadType for c in media.rtp.codecs}
        assert section.extensions == {extension.uri: extension.id for extension in media.rtp.headerExtensions}


def too_long() -> str:
    return PUBLISH + "a=x:" + "x" * MAX_SDP_BYTES


def too_many_sections() -> str:
    return PUBLISH + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * MAX_SECTIONS


def too_many_candidates() -> str:
    lines = (f"a=candidate:{n} 1 udp 1 192.0.2.1 {n} typ host\r\n" for n in range(1, MAX_CANDIDATES + 2))
    return PUBLISH + "".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (too_long(), "64 KiB"),
        (too_many_sections(), "64 m-lines"),
        (too_many_candidates(), "32 candidates"),
        (PUBLISH.replace("a=fingerprint", "a=x"), "fingerprint"),
        (PUBLISH.replace("a=ice-pwd", "a=x"), "ice-pwd"),
        (PUBLISH.replace("a=setup", "a=x"), "setup"),
        (PUBLISH.replace("a=mid:1", "a=mid:0"), "mid"),
        (PUBLISH.replace("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0"), "bundled"),
        ("v=0\r\n", "no m-line"),
    ],
)
def test_AD1_and_SD1_what_can_not_be_answered_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(NegotiationError, match=words):
        parse_offer(text)


def test_AD1_candidates_that_browsers_repeat_count_once() -> None:
    parse_offer(PUBLISH + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n" * 100)


def test_SD2_and_SD3_the_answer_mirrors_the_offer_and_refuses_data_channels() -> None:
    offer = parse_offer(PUBLISH)
    text, sources = answer_publish(offer, {AUDIO: VOICE, VIDEO: CAMERA}, LOCAL)
    answer = aiortc_sdp.SessionDescription.parse(text)
    assert [(media.kind, media.port) for media in answer.media] == [("audio", 9), ("video", 9), ("application", 0)]
    assert [media.rtp.muxId for media in answer.media] == ["0", "1", "2"]
    assert [str(group) for group in answer.group] == ["BUNDLE 0 1"]
    assert "a=ice-lite\r\n" in text
    voice, camera = answer.media[:2]
    assert (voice.direction, camera.direction) == ("recvonly", "recvonly")
    assert [codec.mimeType for codec in voice.rtp.codecs + camera.rtp.codecs] == [
        "audio/opus",
        "audio/red",
        "video/VP8",
        "video/rtx",
    ]
    assert [(c.ip, c.port, c.protocol, c.type, c.tcpType) for c in voice.ice_candidates] == [
        ("192.0.2.2", 4000, "udp", "host", None),
        ("2001:db8::2", 4000, "udp", "host", None),
        ("192.0.2.2", 4443, "tcp", "host", "passive"),
    ]
    priorities = [candidate.priority for candidate in voice.ice_candidates]
    assert priorities == sorted(priorities, reverse=True) and len(set(priorities)) == 3
    assert camera.ice.usernameFragment == "hubufrag" and camera.dtls.role == "client" and camera.rtcp_mux
    assert [(source.track_id, source.mid, source.kind) for source in sources] == [
        (VOICE, AUDIO, "audio"),
        (CAMERA, VIDEO, "video"),
    ]
    assert sources[1].ssrc == offer.sections[1].ssrcs[0]
    assert (sources[1].nack, sources[1].pli, sources[1].fir) == (True, True, True)


def test_SD2_the_answers_of_one_connection_are_numbered() -> None:
    text, _ = answer_publish(parse_offer(PUBLISH), {AUDIO: VOICE}, LOCAL)
    number, version = text.split("\r\n")[1].split()[1:3]
    assert PUBLISH.split("\r\n")[1].split()[1].endswith(number) and version == "3"


def test_SD4_what_is_not_named_is_inactive() -> None:
    text, sources = answer_publish(parse_offer(PUBLISH), {AUDIO: VOICE}, LOCAL)
    answer = aiortc_sdp.SessionDescription.parse(text)
    assert [media.direction for media in answer.media[:2]] == ["recvonly", "inactive"]
    assert [source.mid for source in sources] == [AUDIO]
    text, sources = answer_publish(parse_offer(PUBLISH), {}, LOCAL)
    assert sources == []


@pytest.mark.parametrize(
    ("offer", "mid", "words"),
    [
        (PUBLISH, "7", "not in the offer"),
        (PUBLISH, "2", "not in the offer"),
        (SUBSCRIBE, "0", "does not send"),
        (UNKNOWN_VIDEO, "1", "does not offer vp8"),
        (PUBLISH.replace("opus/48000/2", "opus/48000"), "0", "does not offer opus"),
        (PUBLISH.replace("a=rtcp-mux", "a=x"), "0", "rtcp-mux"),
        (PUBLISH.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "0", "encrypted"),
        (PUBLISH.replace("a=ssrc:", "a=x:").replace(MID_EXTENSION, "x"), "0", "neither an SSRC nor the mid"),
    ],
)
def test_SD4_and_SD6_what_can_not_be_published_is_refused_with_the_reason(offer: str, mid: str, words: str) -> None:
    with pytest.raises(NegotiationError, match=words):
        answer_publish(parse_offer(offer), {Mid(mid): VOICE}, LOCAL)


def test_SD3_a_codec_we_do_not_have_refuses_the_m_line() -> None:
    text, _ = answer_publish(parse_offer(UNKNOWN_VIDEO), {AUDIO: VOICE}, LOCAL)
    assert [media.port for media in aiortc_sdp.SessionDescription.parse(text).media] == [9, 0, 0]
    with pytest.raises(NegotiationError, match="nothing in this offer"):
        unknown = UNKNOWN_VIDEO.replace("opus/48000/2", "opus/8000")
        answer_publish(parse_offer(unknown), {}, LOCAL)


def test_SD5_a_watched_track_is_announced_and_the_rest_is_inactive() -> None:
    offer = parse_offer(SUBSCRIBE)
    assert receiving_mids(offer, "video") == [Mid("1"), Mid("2")]
    track = OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), VP8)
    text, sinks = answer_subscribe(offer, {Mid("2"): track}, LOCAL)
    answer = aiortc_sdp.SessionDescription.parse(text)
    assert [media.direction for media in answer.media] == ["inactive", "inactive", "sendonly"]
    assert answer.media[2].msid == "ana camera"
    assert [(ssrc.ssrc, ssrc.cname) for ssrc in answer.media[2].ssrc] == [(77, "ana"), (78, "ana")]
    assert {mid: sink.payload_type for mid, sink in sinks.items()} == {
        Mid("2"): answer.media[2].rtp.codecs[0].payloadType
    }


def test_SD8_what_a_viewer_can_tell_of_arrivals_is_agreed_on() -> None:
    track = {Mid("1"): OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), VP8)}
    text, sinks = answer_subscribe(parse_offer(SUBSCRIBE), track, LOCAL)
    camera = aiortc_sdp.SessionDescription.parse(text).media[1]
    assert sinks[Mid("1")].transport_sequence == 3
    assert [(extension.id, extension.uri) for extension in camera.rtp.headerExtensions] == [
        (3, TRANSPORT_SEQUENCE_EXTENSION)
    ]
    told = [feedback.type for feedback in camera.rtp.codecs[0].rtcpFeedback]
    assert "transport-cc" in told and "goog-remb" not in told
    for without in (SUBSCRIBE.replace(" transport-cc", " x"), SUBSCRIBE.replace(TRANSPORT_SEQUENCE_EXTENSION, "x")):
        text, sinks = answer_subscribe(parse_offer(without), track, LOCAL)
        assert sinks[Mid("1")].transport_sequence is None
        assert TRANSPORT_SEQUENCE_EXTENSION not in text
        camera = aiortc_sdp.SessionDescription.parse(text).media[1]
        assert "goog-remb" in [feedback.type for feedback in camera.rtp.codecs[0].rtcpFeedback]


def test_LI8_who_has_no_retransmissions_of_its_own_is_not_numbered() -> None:
    """What it loses can then come again as it was (LO3)."""
    voice = OutgoingTrack(VOICE, PeerId("ana"), "audio", Ssrc(75), Ssrc(76), Format("opus"))
    camera = OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), VP8)
    bare = parse_offer(SUBSCRIBE.replace(" rtx/90000", " unknown/90000"))
    text, sinks = answer_subscribe(bare, {Mid("0"): voice, Mid("1"): camera}, LOCAL)
    assert [sink.transport_sequence for sink in sinks.values()] == [None, None]
    assert sinks[Mid("1")].rtx_payload_type is None
    assert TRANSPORT_SEQUENCE_EXTENSION not in text and "goog-remb" in text and " nack" in text
    _, sinks = answer_subscribe(bare, {Mid("0"): voice}, LOCAL)
    assert sinks[Mid("0")].transport_sequence is not None


def test_SD9_what_is_sent_again_has_a_stream_of_its_own_where_offered() -> None:
    _, (_, camera) = answer_publish(parse_offer(PUBLISH), {AUDIO: VOICE, VIDEO: CAMERA}, LOCAL)
    assert (camera.payload_type, camera.rtx_payload_type) == (96, 97)
    assert (camera.ssrc, camera.rtx_ssrc) == (3241050708, 4176388930)
    track = {Mid("1"): OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), VP8)}
    text, sinks = answer_subscribe(parse_offer(SUBSCRIBE), track, LOCAL)
    assert sinks[Mid("1")].rtx_payload_type == 97
    (watched,) = [media for media in aiortc_sdp.SessionDescription.parse(text).media if media.direction == "sendonly"]
    assert [(group.semantic, group.items) for group in watched.ssrc_group] == [("FID", [77, 78])]
    for without in ("rtx/90000", "a=rtcp-fb:96 nack", "apt=96"):
        answer, (camera,) = answer_publish(parse_offer(PUBLISH.replace(without, "a=x")), {VIDEO: CAMERA}, LOCAL)
        assert camera.rtx_payload_type is None
        assert "rtx" not in answer
        text, sinks = answer_subscribe(parse_offer(SUBSCRIBE.replace(without, "a=x")), track, LOCAL)
        assert sinks[Mid("1")].rtx_payload_type is None
        assert "rtx" not in text and "FID" not in text


def test_SD10_the_codec_is_one_that_everybody_who_watches_can_decode() -> None:
    def taken(offer: str, *viewers: frozenset[Format]) -> str:
        return answer_publish(parse_offer(offer), {VIDEO: CAMERA}, LOCAL, viewers)[1][0].format.name

    everything = decodable_formats(parse_offer(SUBSCRIBE))
    assert everything is not None
    old = frozenset({VP8})
    apple = frozenset({Format("h264", 4), VP8})
    without_vp8 = PUBLISH.replace("VP8/90000", "VP7/90000")
    assert taken(PUBLISH) == taken(PUBLISH, everything, old, apple) == "vp8"
    assert taken(PUBLISH, frozenset({Format("av1"), Format("vp9")}), everything) == "vp9"
    assert taken(without_vp8, everything, apple) == "h264"
    assert taken(without_vp8, everything, frozenset({Format("vp9")})) == "vp9"
    assert taken(without_vp8, everything, old) == "h264", "nothing suits all: then what most can decode"


def test_SD10_who_can_not_decode_a_track_gets_an_inactive_m_line_and_no_sink() -> None:
    track = OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), Format("h264", 4))
    offer = parse_offer(SUBSCRIBE.replace("profile-level-id=64", "profile-level-id=42"))
    text, sinks = answer_subscribe(offer, {Mid("1"): track}, LOCAL)
    assert sinks == {}
    answer = aiortc_sdp.SessionDescription.parse(text)
    assert [media.direction for media in answer.media] == ["inactive"] * 3


@pytest.mark.parametrize(
    ("profile", "rank"),
    [("42e01f", 0), ("42c01f", 0), ("42001f", 1), ("4d001f", 2), ("4d801f", 0), ("640c1f", 3), ("64001f", 4)],
)
def test_SD10_h264_goes_to_decoders_of_its_profile_or_a_higher_one(profile: str, rank: int) -> None:
    assert h264_rank(profile) == rank
    assert h264_rank(profile[:4]) is None
    for wanted in range(5):
        choice = choose_watched(
            parse_offer(re.sub("profile-level-id=......", f"profile-level-id={profile}", SUBSCRIBE)).sections[1],
            Format("h264", wanted),
        )
        assert (choice is not None) == (wanted <= rank)


def test_SD9_redundant_audio_is_taken_in_the_order_of_the_offer() -> None:
    text, (voice,) = answer_publish(parse_offer(PUBLISH), {AUDIO: VOICE}, LOCAL)
    assert (voice.payload_type, voice.red_payload_type) == (111, 63)
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n" in text and "a=fmtp:63 111/111\r\n" in text
    first = PUBLISH.replace("SAVPF 111 63", "SAVPF 63 111")
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n" in answer_publish(parse_offer(first), {AUDIO: VOICE}, LOCAL)[0]
    other = PUBLISH.replace("a=fmtp:63 111/111", "a=fmtp:63 9/9")
    assert answer_publish(parse_offer(other), {AUDIO: VOICE}, LOCAL)[1][0].red_payload_type is None


def test_SD8_a_publisher_tells_how_loud_it_is_where_it_offers_to() -> None:
    text, _ = answer_publish(parse_offer(PUBLISH), {AUDIO: VOICE}, LOCAL)
    voice = aiortc_sdp.SessionDescription.parse(text).media[0]
    assert (1, AUDIO_LEVEL_EXTENSION) in [(extension.id, extension.uri) for extension in voice.rtp.headerExtensions]


@pytest.mark.parametrize(("mid", "words"), [("0", "does not receive video"), ("9", "not in the offer")])
def test_SD5_a_track_needs_an_m_line_of_its_kind(mid: str, words: str) -> None:
    track = OutgoingTrack(CAMERA, PeerId("ana"), "video", Ssrc(77), Ssrc(78), VP8)
    with pytest.raises(NegotiationError, match=words):
        answer_subscribe(parse_offer(SUBSCRIBE), {Mid(mid): track}, LOCAL)


def test_SD2_stopped_m_lines_stay_refused_and_bundle_only_ones_do_not() -> None:
    stopped = PUBLISH.replace("m=video 9", "m=video 0").replace("BUNDLE 0 1 2", "BUNDLE 0 2")
    text, _ = answer_publish(parse_offer(stopped), {AUDIO: VOICE}, LOCAL)
    assert [media.port for media in aiortc_sdp.SessionDescription.parse(text).media] == [9, 0, 0]
    bundled = PUBLISH.replace("m=video 9", "m=video 0").replace("a=mid:1\r\n", "a=mid:1\r\na=bundle-only\r\n")
    text, _ = answer_publish(parse_offer(bundled), {AUDIO: VOICE, VIDEO: CAMERA}, LOCAL)
    assert [media.port for media in aiortc_sdp.SessionDescription.parse(text).media] == [9, 9, 0]


def test_DT1_we_open_the_handshake_unless_the_offer_insists() -> None:
    assert [choose_setup(offered) for offered in ("actpass", "passive", "active")] == ["active", "active", "passive"]


def layered(rids: str, *, extensions: bool = True) -> str:
    """Chromium's offer with a camera in layers: rids instead of SSRCs."""
    head, camera = PUBLISH.split("m=video", 1)
    camera, *rest = camera.split("m=", 1)
    kept = [line for line in camera.split("\r\n") if line and not line.startswith("a=ssrc")]
    kept = [line for line in kept if RID_EXTENSION not in line]
    if extensions:
        kept.append(f"a=extmap:10 {RID_EXTENSION}")
    kept += [f"a=rid:{rid} send" for rid in rids.replace("~", "").replace(",", ";").split(";")]
    kept.append(f"a=simulcast:send {rids}")
    return head + "m=video" + "\r\n".join(kept) + "\r\n" + "".join("m=" + part for part in rest)


@pytest.mark.parametrize(
    ("rids", "taken"),
    [("h;m;l", "h;m;l"), ("h;~l", "h;l"), ("h,m;l", "h;l"), ("a;b;c;d;e", "a;b;c;d"), ("h;h", "h")],
)
def test_SI1_layers_are_taken_and_answered(rids: str, taken: str) -> None:
    answer, sources = answer_publish(parse_offer(layered(rids)), {AUDIO: VOICE, VIDEO: CAMERA}, LOCAL)
    assert [source.rids for source in sources] == [(), tuple(taken.split(";"))]
    assert sources[1].ssrc is None
    assert f"a=simulcast:recv {taken}\r\n" in answer
    assert [line for line in answer.split("\r\n") if line.startswith("a=rid:")] == [
        f"a=rid:{rid} recv" for rid in taken.split(";")
    ]
    assert f"a=extmap:10 {RID_EXTENSION}\r\n" in answer


def test_SI1_layers_that_can_not_be_told_apart_are_one_stream() -> None:
    answer, (source,) = answer_publish(parse_offer(layered("h;l", extensions=False)), {VIDEO: CAMERA}, LOCAL)
    assert source.rids == ()
    assert "simulcast" not in answer


def test_SI1_a_malformed_rid_is_refused() -> None:
    with pytest.raises(NegotiationError, match="rid"):
        parse_offer(layered("h;l").replace("a=rid:l send", "a=rid:l\xe4 send"))
