"""Rules RT, KF and RC of webrtc/SPEC.md, through the room alone."""

from __future__ import annotations

from random import Random

import pytest

from tests.webrtc.packets import (
    AUDIO_PT,
    CAMERA,
    CAMERA_SSRC,
    DOWN,
    DOWN2,
    UP,
    VIDEO_PT,
    VOICE,
    VOICE_SSRC,
    feedback_to,
    open_room,
    rtp,
    sent_to,
    sequence_of,
    source,
    ssrc_of,
    timestamp_of,
    watch,
)
from webrtc import rtcp
from webrtc.errors import NegotiationError, ProtocolError
from webrtc.ids import Mid, PeerId, Ssrc, TrackId
from webrtc.room import Publication, Room, Subscription
from webrtc.upward import MAX_LEARNED_SSRCS, Extensions


def audio(sequence: int, timestamp: int = 0) -> bytes:
    return rtp(sequence, timestamp, ssrc=VOICE_SSRC, payload_type=AUDIO_PT)


def test_RT2_a_viewer_sees_its_own_numbers() -> None:
    room = open_room(DOWN, DOWN2)
    first = room.receive_rtp(UP, rtp(65535, 4_294_966_000, key=True, payload=b"one", marker=True), 0.0)
    second = room.receive_rtp(UP, rtp(0, 1_704, payload=b"two"), 0.03)
    ours, others = ([sent_to(effects, viewer)[0] for effects in (first, second)] for viewer in (DOWN, DOWN2))
    assert {ssrc_of(packet) for packet in ours}.isdisjoint({CAMERA_SSRC, *(ssrc_of(packet) for packet in others)})
    assert [packet[1] for packet in ours] == [120 | 0x80, 120]
    assert (sequence_of(ours[1]) - sequence_of(ours[0])) & 0xFFFF == 1
    assert (timestamp_of(ours[1]) - timestamp_of(ours[0])) & 0xFFFFFFFF == 3_000
    assert [packet[12:][2:] for packet in ours] == [b"one", b"two"]


def test_RT2_disorder_stays_disorder_and_loss_stays_loss() -> None:
    room = open_room(DOWN)
    numbers = []
    for sequence in (10, 13, 12, 16):
        effects = room.receive_rtp(UP, rtp(sequence, key=sequence == 10), 0.0)
        numbers.append(sequence_of(sent_to(effects, DOWN)[0]))
    assert [number - numbers[0] for number in numbers] == [0, 3, 2, 6]


def test_RT3_a_viewer_starts_at_a_key_frame_and_hears_at_once() -> None:
    room = open_room(DOWN)
    assert sent_to(room.receive_rtp(UP, rtp(1), 0.0), DOWN) == []
    assert len(sent_to(room.receive_rtp(UP, audio(1), 0.0), DOWN)) == 1
    assert len(sent_to(room.receive_rtp(UP, rtp(2, key=True), 0.1), DOWN)) == 1
    assert len(sent_to(room.receive_rtp(UP, rtp(3), 0.1), DOWN)) == 1
    # What is older than the key frame would be a hole before the beginning.
    assert sent_to(room.receive_rtp(UP, rtp(1, payload=b"late"), 0.1), DOWN) == []


def test_RT3_and_RT5_muting_holds_everything_back_and_leaves_no_hole() -> None:
    room = open_room(DOWN)
    before = sent_to(room.receive_rtp(UP, rtp(1, 0, key=True), 0.0), DOWN)
    room.mute(CAMERA, True, 0.1)
    room.mute(VOICE, True, 0.1)
    for sequence in range(2, 100):
        assert room.receive_rtp(UP, rtp(sequence, key=sequence == 50), 0.2) == []
        assert room.receive_rtp(UP, audio(sequence), 0.2) == []
    asked = room.mute(CAMERA, False, 1.0)
    assert feedback_to(asked, UP) == [rtcp.KeyframeRequest(CAMERA_SSRC)]
    assert sent_to(room.receive_rtp(UP, rtp(100), 1.0), DOWN) == []
    after = sent_to(room.receive_rtp(UP, rtp(101, 90_000, key=True), 1.0), DOWN)
    assert sequence_of(after[0]) == (sequence_of(before[0]) + 1) & 0xFFFF
    assert (timestamp_of(after[0]) - timestamp_of(before[0])) & 0xFFFFFFFF == 90_000


def test_RT5_a_track_published_muted_is_muted() -> None:
    room = open_room(DOWN, muted=True)
    assert room.receive_rtp(UP, rtp(1, key=True), 0.0) == []


def test_RT4_extensions_and_sources_go_no_further() -> None:
    room = open_room(DOWN)
    (packet,) = sent_to(room.receive_rtp(UP, rtp(1, key=True, payload=b"x", mid="1"), 0.0), DOWN)
    assert packet[0] == 0x80
    assert packet[12:] == bytes([0x10, 0x10]) + b"x"


def test_RT2_padding_goes_on_with_its_mark() -> None:
    room = open_room(DOWN)
    room.receive_rtp(UP, rtp(1, key=True), 0.0)
    padded = bytearray(rtp(2, payload=b"\0\0\3"))
    padded[0] |= 0x20
    (packet,) = sent_to(room.receive_rtp(UP, bytes(padded), 0.0), DOWN)
    assert packet[0] == 0xA0
    assert packet[12:] == bytes(padded[12:])


def test_RT6_a_new_ssrc_is_recognised_by_its_mid_and_continues_the_stream() -> None:
    room = open_room(DOWN)
    before = sent_to(room.receive_rtp(UP, rtp(1, 5_000, key=True), 10.0), DOWN)
    assert room.receive_rtp(UP, rtp(60_000, 77, key=True, ssrc=4321), 11.0) == []
    held = room.receive_rtp(UP, rtp(60_001, 77, ssrc=4321, mid="1"), 11.0)
    assert sent_to(held, DOWN) == []
    after = sent_to(room.receive_rtp(UP, rtp(60_002, 77, key=True, ssrc=4321), 11.0), DOWN)
    assert ssrc_of(after[0]) == ssrc_of(before[0])
    assert sequence_of(after[0]) == (sequence_of(before[0]) + 1) & 0xFFFF
    assert (timestamp_of(after[0]) - timestamp_of(before[0])) & 0xFFFFFFFF == 90_000
    assert room.receive_rtp(UP, rtp(2), 11.0) == []


def test_RT6_learning_is_bounded() -> None:
    room = open_room(DOWN)
    for ssrc in range(5_000, 5_000 + MAX_LEARNED_SSRCS):
        assert sent_to(room.receive_rtp(UP, rtp(1, key=True, ssrc=ssrc, mid="1"), 0.0), DOWN)
    assert room.receive_rtp(UP, rtp(1, key=True, ssrc=9_999, mid="1"), 0.0) == []


def test_RT6_a_camera_without_announced_ssrc_is_found() -> None:
    room = open_room(DOWN, camera=source(ssrc=None))
    assert sent_to(room.receive_rtp(UP, rtp(1, key=True, ssrc=77, mid="1"), 0.0), DOWN)


@pytest.mark.parametrize(
    "packet",
    [rtp(1, key=True, ssrc=5), rtp(1, key=True, payload_type=VIDEO_PT + 1), rtp(1, key=True, ssrc=5, mid="7")],
    ids=["unknown ssrc", "other payload type", "unknown mid"],
)
def test_RT7_what_was_not_negotiated_is_dropped(packet: bytes) -> None:
    assert open_room(DOWN).receive_rtp(UP, packet, 0.0) == []


def test_RT7_a_viewer_can_not_publish() -> None:
    assert open_room(DOWN).receive_rtp(DOWN, rtp(1, key=True), 0.0) == []


def test_RT8_a_closed_connection_leaves_nothing_behind() -> None:
    room = open_room(DOWN, DOWN2)
    room.close(DOWN)
    assert sent_to(room.receive_rtp(UP, rtp(1, key=True), 0.0), DOWN2)
    assert sent_to(room.receive_rtp(UP, rtp(2), 0.0), DOWN) == []
    room.close(UP)
    assert room.track_count == 0 and not room.has_track(CAMERA)
    assert room.receive_rtp(UP, rtp(3), 0.0) == []
    room.close(DOWN2)
    assert room.is_empty


def test_RT8_a_track_that_is_no_longer_listed_ends_and_the_other_stays() -> None:
    room = open_room(DOWN)
    room.publish(UP, [Publication(source("audio"), False)], Extensions(4), 0.0)
    assert room.receive_rtp(UP, rtp(1, key=True), 0.0) == []
    assert sent_to(room.receive_rtp(UP, audio(1), 0.0), DOWN)
    room.subscribe(DOWN, [], 0.0)
    assert room.receive_rtp(UP, audio(2), 0.0) == []


def test_RT8_a_viewer_may_watch_something_else_in_the_same_m_line() -> None:
    room = open_room(DOWN)
    screen = TrackId("screen")
    shared = source()._replace(track_id=screen, mid=Mid("2"), ssrc=Ssrc(3_000))
    room.publish(UP, [Publication(source(), False), Publication(shared, False)], Extensions(4), 0.0)
    announced = room.outgoing(DOWN, Mid("v"), screen)
    room.subscribe(DOWN, [Subscription(Mid("v"), screen, 120)], 0.0)
    assert room.receive_rtp(UP, rtp(1, key=True), 0.0) == []
    (packet,) = sent_to(room.receive_rtp(UP, rtp(1, key=True, ssrc=3_000), 0.0), DOWN)
    assert ssrc_of(packet) == announced.ssrc


def test_RT2_watching_a_track_again_goes_on_where_it_stopped() -> None:
    room = open_room(DOWN)
    (before,) = sent_to(room.receive_rtp(UP, rtp(100, 3_000, key=True), 0.0), DOWN)
    for round_ in range(1, 20):
        room.subscribe(DOWN, [], 0.0)
        assert room.receive_rtp(UP, rtp(100 + 2 * round_ - 1, key=True), 0.0) == []
        room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120)], 0.0)
        (after,) = sent_to(room.receive_rtp(UP, rtp(100 + 2 * round_, 3_000, key=True), 1.0 * round_), DOWN)
        assert ssrc_of(after) == ssrc_of(before)
        assert (sequence_of(after) - sequence_of(before)) & 0xFFFF == 1
        assert (timestamp_of(after) - timestamp_of(before)) & 0xFFFFFFFF == 90_000
        before = after


def test_a_track_of_another_connection_can_not_be_taken() -> None:
    room = open_room(DOWN)
    room.open_upward(DOWN2, PeerId("eve"))
    with pytest.raises(NegotiationError):
        room.publish(DOWN2, [Publication(source(), False)], Extensions(4), 0.0)
    assert sent_to(room.receive_rtp(UP, rtp(1, key=True), 0.0), DOWN)


def test_watching_a_track_that_is_gone_watches_nothing() -> None:
    room = Room(Random(1).getrandbits, 0.0)
    room.open_downward(DOWN, PeerId("ola"))
    assert room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120)], 0.0) == []


def test_KF1_a_key_frame_is_asked_for_at_once_and_then_at_most_every_500_ms() -> None:
    room = open_room()
    room.receive_rtp(UP, rtp(1), 0.0)
    asked = [feedback_to(watch(room, DOWN, 1.0), UP), feedback_to(watch(room, DOWN2, 1.2), UP)]
    pli = rtcp.build_pli(1, room.outgoing(DOWN, Mid("v"), CAMERA).ssrc)
    asked += [feedback_to(room.receive_feedback(DOWN, pli, at), UP) for at in (1.3, 1.4, 1.6)]
    assert asked == [[rtcp.KeyframeRequest(CAMERA_SSRC)], [], [], [], [rtcp.KeyframeRequest(CAMERA_SSRC)]]


def test_KF1_a_viewer_who_can_not_receive_yet_makes_nobody_send_a_key_frame() -> None:
    room = open_room()
    room.open_downward(DOWN, PeerId("ola"))
    assert room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120)], 1.0) == []
    assert feedback_to(room.connected(DOWN, 1.1), UP) == [rtcp.KeyframeRequest(CAMERA_SSRC)]


def test_KF2_the_request_is_repeated_until_a_key_frame_comes() -> None:
    room = open_room(DOWN)
    asked = []
    for tenth in range(1, 20):
        effects = room.receive_rtp(UP, rtp(tenth, key=tenth == 12), tenth / 10)
        asked += [tenth for _ in feedback_to(effects, UP)]
    assert asked == [5, 10]


def test_KF3_fir_where_there_is_no_pli_and_nothing_where_there_is_neither() -> None:
    room = open_room(camera=source(pli=False))
    numbers = []
    for viewer, now in ((DOWN, 1.0), (DOWN2, 2.0)):
        (effect,) = watch(room, viewer, now)
        assert feedback_to([effect], UP) == [rtcp.KeyframeRequest(CAMERA_SSRC)]
        numbers.append(effect)
    assert numbers[0] != numbers[1]
    assert watch(open_room(camera=source(pli=False, fir=False)), DOWN, 1.0) == []


def test_RC2_a_publisher_gets_a_report_a_second() -> None:
    room = open_room(DOWN)
    for sequence in (1, 2, 3, 5, 6, 7, 8, 10):
        room.receive_rtp(UP, rtp(sequence, sequence * 3_000, key=sequence == 1), sequence / 30)
    ntp = 0x1122_3344_5566_7788
    room.receive_feedback(UP, rtcp.build_sender_report(rtcp.SenderReport(CAMERA_SSRC, ntp, 0, 0, 0)), 0.5)
    assert room.next_deadline() < 1.0
    room.handle_deadline(0.9)
    (report,) = feedback_to(room.handle_deadline(1.0), UP)[-1:]
    assert isinstance(report, rtcp.LossReport)
    assert (report.ssrc, report.packets_lost, report.fraction_lost) == (CAMERA_SSRC, 2, 2 * 256 // 10)
    assert report.highest_sequence & 0xFFFF == 10
    assert report.jitter < 90
    assert (report.last_sender_report, report.delay_since_sender_report) == (0x3344_5566, 32_768)
    room.receive_rtp(UP, rtp(11), 1.1)
    (report,) = (item for item in feedback_to(room.handle_deadline(2.0), UP) if isinstance(item, rtcp.LossReport))
    assert (report.packets_lost, report.fraction_lost) == (2, 0)


def test_RC3_a_sender_report_goes_on_in_the_viewers_numbers() -> None:
    room = open_room(DOWN)
    report = rtcp.build_sender_report(rtcp.SenderReport(CAMERA_SSRC, 1 << 40, 9_000, 5, 500))
    assert room.receive_feedback(UP, report, 0.0) == []
    (packet,) = sent_to(room.receive_rtp(UP, rtp(1, 6_000, key=True), 0.0), DOWN)
    (forwarded,) = feedback_to(room.receive_feedback(UP, report, 0.1), DOWN)
    clock = (timestamp_of(packet) + 3_000) & 0xFFFFFFFF
    assert forwarded == rtcp.SenderReport(ssrc_of(packet), 1 << 40, clock, 1, len(packet) - 12)


def test_RC4_nobody_speaks_of_streams_that_are_not_theirs() -> None:
    room = open_room(DOWN, DOWN2)
    room.receive_rtp(UP, rtp(1, key=True), 0.0)
    others = room.outgoing(DOWN2, Mid("v"), CAMERA).ssrc
    assert room.receive_feedback(DOWN, rtcp.build_pli(1, others), 9.0) == []
    assert room.receive_feedback(DOWN, rtcp.build_sender_report(rtcp.SenderReport(CAMERA_SSRC, 1, 1, 1, 1)), 9.0) == []
    assert room.receive_feedback(UP, rtcp.build_pli(1, others), 9.0) == []


def test_malformed_packets_are_refused_and_change_nothing() -> None:
    room = open_room(DOWN)
    with pytest.raises(ProtocolError):
        room.receive_rtp(UP, b"\x80" * 11, 0.0)
    with pytest.raises(ProtocolError):
        room.receive_feedback(UP, b"\x80\xc8\xff\xff", 0.0)
    assert sent_to(room.receive_rtp(UP, rtp(1, key=True), 0.0), DOWN)
