"""Rule OP1: what is told of people's lines."""

from __future__ import annotations

import pytest

from tests.webrtc.lines import Bottleneck
from tests.webrtc.packets import DOWN, UP, open_room, rtp, sent_to, ssrc_of
from tests.webrtc.shaped import CAMERA as LAYERED
from tests.webrtc.shaped import Meeting
from webrtc import rtcp
from webrtc.layers import Preference
from webrtc.line_figures import DownwardFigures, UpwardFigures
from webrtc.room import Room


def send(room: Room, *, seconds: float, lose_every: int = 0) -> int:
    """A camera of 100 packets a second; returns the SSRC that the viewer sees."""
    seen = 0
    for number in range(round(seconds * 100)):
        now = number / 100
        if not lose_every or number % lose_every:
            effects = room.receive_rtp(UP, rtp(number, number * 900, key=number == 0, payload=bytes(900)), now)
            seen = next((ssrc_of(packet) for packet in sent_to(effects, DOWN)), seen)
        if room.next_deadline() <= now:
            room.handle_deadline(now)
    return seen


def figures(room: Room) -> tuple[UpwardFigures, DownwardFigures]:
    up, down = room.figures()
    assert isinstance(up, UpwardFigures) and isinstance(down, DownwardFigures)
    assert (up.peer_id, down.peer_id) == ("ana", f"viewer{DOWN}")
    return up, down


def test_OP1_a_good_line_is_told_with_its_rate() -> None:
    room = open_room(DOWN)
    send(room, seconds=6)
    up, down = figures(room)
    assert up.rate_bps == pytest.approx(900 * 8 * 100, rel=0.15) and down.rate_bps > 0.5 * up.rate_bps
    assert (up.loss, up.is_weak, down.is_weak) == (0.0, False, False)
    assert up.jitter_s < 0.01 and down.budget_bps is None


def test_OP1_loss_on_the_way_up_is_the_publishers() -> None:
    room = open_room(DOWN)
    send(room, seconds=3, lose_every=10)
    up, down = figures(room)
    assert up.loss == pytest.approx(0.1, abs=0.03) and up.is_weak
    assert not down.is_weak


def test_OP1_loss_on_the_way_down_is_the_viewers() -> None:
    room = open_room(DOWN)
    ssrc = send(room, seconds=3)
    block = rtcp.LossReport(ssrc, 64, 100, 1000, 0, 0, 0)
    room.receive_feedback(DOWN, rtcp.build_receiver_report(1, [block]), 3.0)
    up, down = figures(room)
    assert down.loss == 0.25 and down.is_weak
    assert not up.is_weak


def test_OP1_a_narrow_line_is_a_weak_one() -> None:
    room = open_room(DOWN)
    ssrc = send(room, seconds=3)
    estimate = rtcp_estimate(150_000, ssrc)
    room.receive_feedback(DOWN, estimate, 3.0)
    _, down = figures(room)
    assert down.budget_bps is not None and down.budget_bps < 200_000 and down.is_weak


def rtcp_estimate(rate_bps: int, ssrc: int) -> bytes:
    """REMB (draft-alvestrand-rmcat-remb-03)."""
    exponent = max(0, rate_bps.bit_length() - 18)
    body = (1).to_bytes(4, "big") + bytes(4) + b"REMB" + bytes([1])
    body += (exponent << 18 | rate_bps >> exponent).to_bytes(3, "big") + ssrc.to_bytes(4, "big")
    packet = bytes([0x8F, 206]) + (len(body) // 4).to_bytes(2, "big") + body
    assert isinstance(rtcp.parse_feedback(packet)[0], rtcp.BitrateEstimate)
    return packet


def test_OP1_who_is_silent_has_no_figures_to_be_ashamed_of() -> None:
    room = open_room(DOWN)
    up, down = figures(room)
    assert (up.rate_bps, up.loss, up.is_weak) == (0, 0.0, False)
    assert (down.rate_bps, down.loss, down.is_weak) == (0, 0.0, False)


def test_OP2_why_a_picture_is_not_larger_is_told() -> None:
    meeting = Meeting()
    viewer = meeting.join(Bottleneck(10_000_000))

    def picture() -> tuple[int | None, int | None, str]:
        (figures,) = meeting.room.picture_figures(meeting.now)
        return figures.height, figures.largest_height, figures.reason

    def prefer(preference: Preference) -> None:
        meeting.apply(meeting.room.prefer(viewer.connection_id, {LAYERED.track_id: preference}, meeting.now))

    meeting.run(4)
    assert picture() == (360, 360, "all")
    prefer(Preference(max_height=80))
    meeting.run(2)
    assert picture() == (90, 360, "size")
    prefer(Preference(visible=False))
    assert meeting.room.picture_figures(meeting.now) == []
    prefer(Preference())
    meeting.run(4)
    assert picture() == (360, 360, "all")


def test_OP2_a_narrow_line_is_the_reason() -> None:
    meeting = Meeting()
    meeting.join(Bottleneck(300_000))
    meeting.run(12)
    (figures,) = meeting.room.picture_figures(meeting.now)
    assert figures.reason == "line" and (figures.height or 0) < (figures.largest_height or 0)
