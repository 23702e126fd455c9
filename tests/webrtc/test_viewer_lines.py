"""Rules LI1, LI5, LI6 and AL of webrtc/SPEC.md: what viewers get over simulated lines, from a real room."""

from __future__ import annotations

from random import Random
from struct import unpack_from

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.lines import Bottleneck, number_of
from tests.webrtc.shaped import CAMERA, RATES_BPS, Meeting, Viewer
from webrtc import rtcp
from webrtc.allocation import CLIMB_MARGIN, RETURN_MARGIN, Wish, share
from webrtc.congestion import START_BPS
from webrtc.effects import Sending
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Mid, Ssrc, TrackId
from webrtc.layers import NOTHING, Preference
from webrtc.pacing import MOST_WAITING_S, Pacer, Waiting
from webrtc.reported_line import ReportedLine

SEEDS = range(2)


def test_LI1_packets_are_numbered_over_all_streams_in_the_order_they_leave() -> None:
    meeting = Meeting()
    sent: list[bytes] = []
    line = Bottleneck(10_000_000)
    keep = line.send

    def note(packet: bytes, now: float) -> None:
        sent.append(packet)
        keep(packet, now)

    line.send = note  # type: ignore[method-assign]
    viewer = meeting.join(line)
    meeting.run(5)
    numbers = [number for packet in sent if (number := number_of(packet)) is not None]
    assert numbers == [(numbers[0] + place) & 0xFFFF for place in range(len(numbers))]
    assert len(numbers) > len(sent) / 2
    ssrcs = {packet[8:12] for packet in sent}
    assert {viewer.ssrc.to_bytes(4, "big"), viewer.voice_ssrc.to_bytes(4, "big")} < ssrcs, "probes have a third one"


def test_LI7_a_line_that_carries_all_is_looked_at_for_a_quarter_of_the_time() -> None:
    meeting = Meeting()
    line = Bottleneck(3_000_000)
    viewer = meeting.join(line)
    meeting.run(20)
    reports = viewer.reporter.count
    meeting.run(20)
    assert 90 < viewer.reporter.count - reports < 140, "of 400"
    line.rate_bps = 300_000
    meeting.run(10)
    assert viewer.height(meeting.now - 5) == 90
    delays = viewer.delays(meeting.now - 5)
    assert delays[len(delays) * 95 // 100] < 0.15
    reports = viewer.reporter.count
    meeting.run(2)
    assert viewer.reporter.count - reports > 35


def resend(meeting: Meeting, viewer: Viewer) -> list[bytes]:
    sequence = max(viewer.picture.packets) & 0xFFFF
    nack = rtcp.build_nack(1, viewer.ssrc, [sequence])
    effects = meeting.room.receive_feedback(viewer.connection_id, nack, meeting.now)
    return [effect.headers[0][1] + effect.payload for effect in effects if isinstance(effect, Sending)]


def test_LI1_what_comes_again_as_rtx_has_a_number_of_its_own() -> None:
    meeting = Meeting()
    viewer = meeting.join(Bottleneck(10_000_000))
    meeting.run(3)
    original = viewer.picture.packets[max(viewer.picture.packets)]
    (again,) = resend(meeting, viewer)
    assert again[1] & 0x7F == 121
    assert (number_of(again) or 0) > 100
    assert again[20:22] == original[2:4] and again[22:] == original[12:]


def test_LI1_without_rtx_a_numbered_packet_does_not_come_again() -> None:
    """The same number of the stream with another header would be two messages under one nonce."""
    meeting = Meeting(with_rtx=False)
    viewer = meeting.join(Bottleneck(10_000_000))
    meeting.run(3)
    assert resend(meeting, viewer) == []


def test_LI5_a_viewer_without_arrival_times_is_judged_by_what_it_lost() -> None:
    line = ReportedLine()
    assert line.budget_bps(0.0) == float("inf")
    line.receive_loss(0.05, 800_000, 1.0)
    assert line.budget_bps(1.0) == float("inf")
    line.receive_loss(0.3, 800_000, 1.0)
    line.receive_loss(0.3, 800_000, 1.0)
    assert line.budget_bps(1.5) == float("inf"), "once is no time"
    line.receive_loss(0.3, 800_000, 2.0)
    assert line.budget_bps(2.0) == pytest.approx(680_000)
    line.receive_loss(0.3, 800_000, 2.5)
    assert line.budget_bps(2.5) == pytest.approx(680_000), "that was sent before"
    line.receive_loss(0.0, 600_000, 4.0)
    rates = [line.budget_bps(4.0 + quarter / 4) for quarter in range(400)]
    assert rates == sorted(rates) and rates[20] < 680_000 * 1.4 and rates[-1] == float("inf")


def test_LI5_and_by_what_it_believes() -> None:
    line = ReportedLine()
    line.receive_estimate(1_200_000, 800_000, 1.0)
    assert not line.is_limited, "half above what it gets: it has seen no end"
    line.receive_estimate(500_000, 800_000, 2.0)
    assert line.budget_bps(2.0) == 500_000


@pytest.mark.parametrize("feedback", ["loss", "estimate"])
def test_LI5_in_a_room_it_gets_the_smaller_layer(feedback: str) -> None:
    meeting = Meeting(numbered=False)
    viewer = meeting.join(Bottleneck(10_000_000))
    meeting.run(4)
    assert viewer.height(meeting.now - 1) == 360

    def complain(now: float) -> None:
        if round(now * 1000) % 1000:
            return
        if feedback == "loss":
            block = rtcp.LossReport(viewer.ssrc, 100, 0, 0, 0, 0, 0)
            packet = rtcp.build_receiver_report(1, [block])
        else:
            packet = b"\x8f\xce\0\5\0\0\0\1\0\0\0\0REMB\x01" + ((250_000 >> 4) | 4 << 18).to_bytes(3, "big") + bytes(4)
        meeting.apply(meeting.room.receive_feedback(viewer.connection_id, packet, now))

    meeting.run(5, complain)
    assert viewer.height(meeting.now - 1) <= 90


def test_LI6_a_key_frame_does_not_stand_before_a_voice() -> None:
    """A key frame every 2 s behind 1 Mbit/s: unpaced, one voice packet in twenty waits more than 180 ms for it."""
    meeting = Meeting()
    viewer = meeting.join(Bottleneck(1_000_000, queue_s=0.5))
    meeting.run(8)

    def key(now: float) -> None:
        if round(now * 1000) % 2000 == 0:
            for layer in meeting.layers.values():
                layer.wants_key = True

    since = meeting.now
    meeting.run(30, key)
    delays = viewer.delays(since)
    assert len(delays) > 1_490
    assert delays[len(delays) * 95 // 100] < 0.1
    assert viewer.height(since) > 300


def test_LI6_what_waits_is_bounded_and_sound_never_does() -> None:
    pacer = Pacer()
    pacer.set_rate(100_000, 0, is_narrow=True)
    forwarder = Forwarder(
        ConnectionId(1), Mid("v"), TrackId("t"), Ssrc(5), 96,
        clock_rate=90_000, needs_keyframe=True, first_sequence=1, first_timestamp=1,
    )  # fmt: skip
    for _ in range(9):
        pacer.keep(Waiting(forwarder, bytes(12), bytes(1_000)))
    assert not pacer.is_overfull
    released, now = [], 0.0
    while pacer.has_waiting:
        released.append((now, len(pacer.release(now))))
        pacer.spend(0, now)
        for _ in range(released[-1][1]):
            pacer.spend(1_000, now)
        now += 0.02
    assert now == pytest.approx(9_000 * 8 / 105_000, abs=0.1)
    for _ in range(12):
        pacer.keep(Waiting(forwarder, bytes(12), bytes(1_000)))
    assert pacer.is_overfull
    assert pacer.clear() == {forwarder.track_id} and not pacer.has_waiting and not pacer.is_overfull
    assert MOST_WAITING_S < 1


costs = st.lists(st.floats(1_000, 3_000_000), min_size=1, max_size=3).map(sorted)
wishes = st.lists(costs.flatmap(lambda c: st.builds(Wish, st.just(c), st.integers(NOTHING, len(c) - 1))), max_size=12)


@given(wishes, st.floats(0, 10_000_000))
def test_AL1_shares_fit_the_budget_and_serve_all_before_some(wishes: list[Wish], budget: float) -> None:
    places = share(budget, wishes).places
    spent = sum(wish.costs_bps[place] for wish, place in zip(wishes, places, strict=True) if place != NOTHING)
    assert spent * 0.85 <= budget + 1
    if any(place > wish.present for wish, place in zip(wishes, places, strict=True)):
        lacking = [w for w, place in zip(wishes, places, strict=True) if place == NOTHING]
        left = budget - spent
        assert all(wish.costs_bps[0] * RETURN_MARGIN > left for wish in lacking)


@given(wishes)
def test_AL1_what_it_says_would_help_helps(wishes: list[Wish]) -> None:
    shares = share(200_000, wishes)
    if shares.next_bps is None:
        assert all(place == len(wish.costs_bps) - 1 for wish, place in zip(wishes, shares.places, strict=True))
    else:
        better = share(shares.next_bps * 1.001, wishes)
        assert better.places != shares.places


def test_AL1_the_important_ones_come_first() -> None:
    two = [Wish([100_000, 600_000], NOTHING), Wish([100_000, 600_000], NOTHING)]
    assert share(150_000, two).places == [0, NOTHING]
    assert share(250_000, two).places == [0, 0]
    assert share(900_000, two).places == [1, 0]
    assert share(1_500_000, two).places == [1, 1]
    assert share(0, two, keep_smallest=True).places == [0, 0]


def test_AL2_a_wavering_line_makes_no_picture_flicker() -> None:
    present = NOTHING
    changes = 0
    for budget in [110_000, 125_000, 95_000, 112_000, 105_000, 119_000] * 5:
        (place,) = share(budget, [Wish([100_000], present)]).places
        changes += place != present
        present = place
    assert changes == 1
    assert CLIMB_MARGIN > 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("rate_bps", "height"), [(300_000, 90), (500_000, 90), (1_000_000, 360), (3_000_000, 360)])
def test_AL3_a_viewer_gets_the_layer_its_line_carries(rate_bps: float, height: int, seed: int) -> None:
    meeting = Meeting(seed=seed)
    viewer = meeting.join(Bottleneck(rate_bps, random=Random(seed)))
    meeting.run(25)
    assert viewer.height(15) == height
    assert not any(tell.sound_only for _, tell in viewer.told)
    assert viewer.narrowed == (height < 360), "who gets less because of the line is told"
    delays = viewer.delays(5)
    assert len(delays) > 950, "hardly a packet of sound was lost"
    assert delays[len(delays) * 95 // 100] < 0.15


@pytest.mark.parametrize("seed", SEEDS)
def test_AL3_one_narrow_line_lowers_nobody_else(seed: int) -> None:
    meeting = Meeting(seed=seed)
    narrow, wide = meeting.join(Bottleneck(300_000)), meeting.join(Bottleneck(5_000_000))
    meeting.run(20)
    assert (narrow.height(12), wide.height(12)) == (90, 360)
    assert (narrow.narrowed, wide.narrowed) == (True, False)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("loss", "jitter_s"), [(0.05, 0.0), (0.0, 0.2)], ids=["loss", "jitter"])
def test_AL3_loss_and_jitter_take_no_picture_away(seed: int, loss: float, jitter_s: float) -> None:
    meeting = Meeting(seed=seed)
    viewer = meeting.join(Bottleneck(3_000_000, loss=loss, jitter_s=jitter_s, random=Random(seed)))
    meeting.run(25)
    assert viewer.height(20) > 0
    assert viewer.told == []


@pytest.mark.parametrize("seed", SEEDS)
def test_AL4_where_no_picture_fits_only_sound_goes_and_the_viewer_is_told(seed: int) -> None:
    line = Bottleneck(80_000, queue_s=0.5)
    meeting = Meeting(seed=seed)
    viewer = meeting.join(line)
    meeting.run(15)
    assert viewer.told[-1][1].sound_only and viewer.told[-1][1].paused == (CAMERA.track_id,)
    assert viewer.height(10) == 0
    delays = viewer.delays(8)
    assert len(delays) > 300 and delays[len(delays) * 9 // 10] < 0.2
    line.rate_bps = 1_500_000
    told = len(viewer.told)
    meeting.run(60)
    assert viewer.told[told:] and not viewer.told[-1][1].sound_only and viewer.told[-1][1].paused == ()
    assert viewer.height(meeting.now - 5) == 360
    assert not viewer.narrowed


def test_AL4_a_line_that_has_shown_no_end_loses_no_picture() -> None:
    """A camera without layers needs more than an estimate that has only begun."""
    meeting = Meeting()
    assert RATES_BPS["h"] > START_BPS
    meeting.layers.pop("l")
    meeting.run(2)
    viewer = meeting.join(Bottleneck(5_000_000))
    meeting.run(10)
    assert viewer.told == [] and viewer.height(2) == 360


@pytest.mark.parametrize("with_rtx", [True, False])
def test_LI6_nothing_is_dropped_that_the_line_carries(with_rtx: bool) -> None:
    """Eight cameras without layers come at once, and nothing is known of the line yet."""
    meeting = Meeting(with_rtx=with_rtx, cameras=8)
    viewer = meeting.join(Bottleneck(20_000_000))
    meeting.run(20)
    assert viewer.told == []
    for picture in viewer.pictures.values():
        assert picture.missing == [] and len(picture.packets) > 20 * 24 * 2


@pytest.mark.parametrize("seed", SEEDS)
def test_AL5_after_a_black_out_all_is_back_within_two_seconds(seed: int) -> None:
    line = Bottleneck(1_500_000, random=Random(seed))
    meeting = Meeting(seed=seed)
    viewer = meeting.join(line)
    meeting.run(15)
    assert viewer.height(12) == 360
    line.is_down = True
    meeting.run(3)
    line.is_down = False
    back = meeting.now
    meeting.apply(meeting.room.receive_feedback(viewer.connection_id, rtcp.build_pli(1, viewer.ssrc), back))
    meeting.run(2)
    assert viewer.height(back) == 360 and viewer.told == []
    assert min(at for at, _ in viewer.voice_delays if at > back) < back + 0.1


def test_AL3_a_picture_not_shown_frees_its_share() -> None:
    meeting = Meeting()
    viewer = meeting.join(Bottleneck(3_000_000))
    meeting.run(5)
    meeting.apply(meeting.room.prefer(viewer.connection_id, {CAMERA.track_id: Preference(None, False)}, meeting.now))
    meeting.run(3)
    assert viewer.height(meeting.now - 2) == 0 and viewer.told == []
    meeting.apply(meeting.room.prefer(viewer.connection_id, {}, meeting.now))
    meeting.run(3)
    assert viewer.height(meeting.now - 1) == 360


def test_LI6_a_muted_picture_that_waits_is_not_sent() -> None:
    meeting = Meeting()
    viewer = meeting.join(Bottleneck(200_000, queue_s=0.5))
    meeting.run(10)
    for layer in meeting.layers.values():
        layer.wants_key = True
    meeting.run(0.06)
    meeting.apply(meeting.room.mute(CAMERA.track_id, True, meeting.now))
    sent = meeting.room.handle_deadline(meeting.now + 0.02)
    ssrcs = {unpack_from("!I", h, 8)[0] for e in sent if isinstance(e, Sending) for _, h in e.headers}
    assert viewer.ssrc not in ssrcs
