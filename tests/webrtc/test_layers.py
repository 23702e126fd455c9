"""Rules SI of webrtc/SPEC.md: what each viewer gets of a camera with three layers, and that no decoder notices."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.packets import CAMERA, DOWN, UP, VOICE, VOICE_SSRC, feedback_to, rtp, sent_to
from tests.webrtc.packets import open_room as open_plain_room
from tests.webrtc.simulcast import RIDS, SSRCS, LayerSender, Picture, open_room, watch
from webrtc import rtcp
from webrtc.effects import Effect
from webrtc.errors import ProtocolError
from webrtc.ids import Mid, PeerId
from webrtc.layers import NO_PREFERENCE, Layer, Preference, choose_layer
from webrtc.room import Room
from webrtc.subscription import Subscription
from webrtc.vp8 import build_descriptor, parse_descriptor

FRAME_S = 1 / 25


class Scene:
    """A camera, a room, one viewer; the network between them does what a test says."""

    def __init__(self, seed: int = 1, *, loss: float = 0.0, reports: bool = True) -> None:
        self.random = Random(seed)
        self.room: Room = open_room(seed=seed)
        self.layers = {rid: LayerSender(rid, self.random) for rid in RIDS}
        self.sending = set(RIDS)
        self.viewer = Picture()
        self.asked: list[tuple[float, str]] = []
        self.now = 0.0
        self.loss = loss
        self.reports = reports
        watch(self.room)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME_S)):
            self.now += FRAME_S
            packets = [packet for rid in sorted(self.sending) for packet in self.layers[rid].frame(self.now)]
            if self.loss:
                for index in range(len(packets) - 1):
                    if self.random.random() < self.loss:
                        packets[index : index + 2] = packets[index + 1], packets[index]
            for packet in packets:
                if self.random.random() >= self.loss:
                    self.apply(self.room.receive_rtp(UP, packet, self.now))
            if self.reports and round(self.now / FRAME_S) % 10 == 0:
                for rid in self.sending:
                    ntp, clock = self.layers[rid].report
                    report = rtcp.build_sender_report(rtcp.SenderReport(SSRCS[rid], ntp, clock, 0, 0))
                    self.apply(self.room.receive_feedback(UP, report, self.now))
            self.apply(self.room.handle_deadline(self.now))
            if self.loss and self.viewer.packets and self.viewer.missing:
                ssrc = self.room.outgoing(DOWN, Mid("v"), CAMERA).ssrc
                nack = rtcp.build_nack(1, ssrc, self.viewer.missing[-20:])
                self.apply(self.room.receive_feedback(DOWN, nack, self.now))

    def apply(self, effects: list[Effect]) -> None:
        for item in feedback_to(effects, UP):
            if isinstance(item, rtcp.KeyframeRequest):
                rid = next(rid for rid, layer in self.layers.items() if layer.ssrc == item.ssrc)
                self.asked.append((self.now, rid))
                self.layers[rid].wants_key = True
        for packet in sent_to(effects, DOWN):
            if self.random.random() >= self.loss:
                self.viewer.receive(packet)

    def prefer(self, max_height: int | None, visible: bool = True) -> None:
        self.apply(self.room.prefer(DOWN, {CAMERA: Preference(max_height, visible)}, self.now))

    def check_decodable(self) -> None:
        frames = self.viewer.frames()
        for before, after in zip(frames, frames[1:], strict=False):
            followed = (after[3] - before[3]) & 0x7FFF == 1
            assert after[0] == before[0] or after[1] or not followed, "a layer is entered at a key frame"
            assert 0 < (after[2] - before[2]) & 0xFFFFFFFF < 1 << 31, "the clock runs on"
            assert 0 < (after[3] - before[3]) & 0x7FFF < 1 << 14, "picture ids run on"
            if not self.loss:
                assert (after[3] - before[3]) & 0x7FFF == 1
                assert (after[4] - before[4]) & 0xFF == 1

    def shown(self) -> str:
        """The layers in the order in which they were seen."""
        names = [frame[0] for frame in self.viewer.frames()]
        return "".join(name for name, before in zip(names, ["", *names], strict=False) if name != before)


def test_SI2_SI3_SI5_a_viewer_begins_with_what_flows_and_moves_up_when_it_is_steady() -> None:
    scene = Scene()
    scene.run(3)
    assert scene.shown()[-1] == "h"
    scene.check_decodable()
    assert scene.viewer.missing == []


def test_SI2_an_unknown_layer_and_one_without_its_name_do_not_pass() -> None:
    scene = Scene()
    (packet, _) = scene.layers["h"].frame(0.1)
    nameless = packet.replace(b"\x40" + b"1" + b"\xa0" + b"h", b"\x40" + b"1" + b"\0\0")
    stranger = packet.replace(b"\xa0h", b"\xa0x")
    for unknown in (nameless, stranger):
        assert unknown != packet
        assert scene.room.receive_rtp(UP, unknown, 0.1) == []


def test_SI4_over_all_moves_the_viewer_sees_one_stream() -> None:
    scene = Scene(7)
    for height in (90, None, 180, 90, 360, 1):
        scene.prefer(height)
        scene.run(2)
    assert scene.shown().endswith("hmlhl")
    scene.check_decodable()
    assert scene.viewer.missing == []
    assert len({packet[8:12] for packet in scene.viewer.packets.values()}) == 1


def test_SI4_the_clock_is_exact_with_sender_reports() -> None:
    scene = Scene(3)
    scene.prefer(90)
    scene.run(2)
    scene.prefer(360)
    scene.run(2)
    frames = scene.viewer.frames()
    steps = [(after[2] - before[2]) & 0xFFFFFFFF for before, after in zip(frames, frames[1:], strict=False)]
    assert set(steps) <= {3_599, 3_600, 3_601, *range(1, 91), *range(3_510, 3_600)}
    total = sum(steps) / 90_000
    assert total == pytest.approx(FRAME_S * (len({frame[2] for frame in frames}) - 1), abs=0.1)


def test_SI3_the_former_layer_goes_on_until_the_key_frame_comes_and_the_request_is_throttled() -> None:
    scene = Scene()
    scene.prefer(90)
    scene.run(2)
    scene.asked.clear()
    frames = len(scene.viewer.frames())
    scene.layers["h"].wants_key = False
    scene.prefer(360)
    scene.layers["h"].wants_key = False
    for _ in range(20):
        scene.run(FRAME_S)
        scene.layers["h"].wants_key = False
    assert [rid for _, rid in scene.asked] == ["h", "h"]
    assert [frame[0] for frame in scene.viewer.frames()[frames:]] == ["l"] * 20
    scene.layers["h"].wants_key = True
    scene.run(0.2)
    assert scene.viewer.frames()[-1][0] == "h"
    scene.check_decodable()


def test_SI3_wishes_back_and_forth_do_not_make_a_storm_of_key_frames() -> None:
    scene = Scene()
    scene.run(3)
    scene.asked.clear()
    for turn in range(100):
        scene.prefer(90 if turn % 2 else 360)
        scene.run(FRAME_S)
    assert len(scene.asked) <= 2 * (4 / 0.5 + 1)
    scene.check_decodable()


def test_SI5_a_layer_that_stopped_is_left_and_taken_again() -> None:
    scene = Scene()
    scene.run(3)
    scene.sending = {"m", "l"}
    scene.run(1.5)
    assert scene.viewer.frames()[-1][0] == "m"
    scene.sending = set(RIDS)
    scene.layers["h"].wants_key = True
    scene.run(0.6)
    assert scene.viewer.frames()[-1][0] == "m"
    scene.run(1.5)
    assert scene.viewer.frames()[-1][0] == "h"
    scene.check_decodable()


def test_SI6_what_is_not_shown_is_not_sent() -> None:
    scene = Scene()
    scene.run(2)
    scene.prefer(None, visible=False)
    before = len(scene.viewer.packets)
    scene.run(2)
    assert len(scene.viewer.packets) == before
    scene.prefer(None)
    scene.run(1)
    assert len(scene.viewer.packets) > before
    scene.check_decodable()


def test_SI6_a_picture_without_layers_rests_too_and_sound_does_not() -> None:
    room = open_plain_room(DOWN)
    room.receive_rtp(UP, rtp(1, key=True), 0.0)
    hidden = Preference(visible=False)
    room.prefer(DOWN, {CAMERA: hidden, VOICE: hidden}, 0.1)
    assert room.receive_rtp(UP, rtp(2), 0.2) == []
    assert len(sent_to(room.receive_rtp(UP, rtp(1, ssrc=VOICE_SSRC, payload_type=111), 0.2), DOWN)) == 1
    asked = room.prefer(DOWN, {}, 1.0)
    assert [type(item) for item in feedback_to(asked, UP)] == [rtcp.KeyframeRequest]
    assert room.receive_rtp(UP, rtp(3), 1.1) == []
    assert len(sent_to(room.receive_rtp(UP, rtp(4, key=True), 1.2), DOWN)) == 1


def test_SI4_a_sender_report_goes_on_only_from_the_layer_that_is_shown() -> None:
    scene = Scene(reports=False)
    scene.prefer(90)
    scene.run(2)
    for rid in RIDS:
        ntp, clock = scene.layers[rid].report
        packet = rtcp.build_sender_report(rtcp.SenderReport(SSRCS[rid], ntp, clock, 0, 0))
        forwarded = feedback_to(scene.room.receive_feedback(UP, packet, scene.now), DOWN)
        assert len(forwarded) == (1 if rid == "l" else 0)


def test_SI2_a_layer_that_starts_anew_goes_on_in_the_same_numbers() -> None:
    scene = Scene()
    scene.run(3)
    fresh = LayerSender("h", Random(99))
    fresh.ssrc = 4_242
    scene.layers["h"] = fresh
    scene.run(2)
    assert scene.viewer.frames()[-1][0] == "h"
    scene.check_decodable()
    assert scene.viewer.missing == []


@pytest.mark.parametrize("seed", range(6))
def test_SI7_over_lossy_lines_too(seed: int) -> None:
    scene = Scene(seed, loss=0.05)
    for _ in range(12):
        scene.prefer(scene.random.choice([90, 180, 360, None]), scene.random.random() < 0.9)
        scene.sending = {"l", *scene.random.sample(RIDS, 2)}
        scene.run(scene.random.uniform(0.2, 2.0))
    scene.loss = 0.0
    scene.sending = set(RIDS)
    scene.prefer(None)
    before = len(scene.viewer.frames())
    scene.run(5)
    frames = scene.viewer.frames()
    assert len(frames) - before > 100
    assert frames[-1][0] == "h"
    scene.loss = 0.05
    scene.check_decodable()


def test_RT9_mere_padding_shrinks_to_a_byte_and_leaves_no_hole() -> None:
    scene = Scene()
    scene.prefer(90)
    scene.run(2)
    layer = scene.layers["l"]
    (packet, _) = layer.frame(scene.now)
    padding = bytearray(packet[:20] + bytes(199) + b"\xc8")
    padding[0] |= 0x20
    layer.sequence -= 1
    layer.picture -= 1
    layer.tl0 -= 1
    (out,) = sent_to(scene.room.receive_rtp(UP, bytes(padding), scene.now), DOWN)
    assert (len(out), out[0] & 0x20, out[12]) == (13, 0x20, 1)
    scene.viewer.receive(out)
    assert scene.viewer.missing == []
    room = open_plain_room(DOWN)
    room.receive_rtp(UP, rtp(1, key=True), 0.0)
    plain = bytearray(rtp(2)[:12] + bytes(199) + b"\xc8")
    plain[0] |= 0x20
    (out,) = sent_to(room.receive_rtp(UP, bytes(plain), 0.1), DOWN)
    assert (len(out), out[0] & 0x20, out[12]) == (13, 0x20, 1)


@given(st.binary(max_size=20), st.integers(0, 20))
def test_SI8_any_bytes_are_a_descriptor_or_refused(packet: bytes, offset: int) -> None:
    try:
        descriptor = parse_descriptor(packet, offset)
    except ProtocolError:
        return
    assert offset + descriptor.size <= len(packet)


@given(st.binary(min_size=1, max_size=8), st.integers(0, 1 << 40), st.integers(0, 1 << 40))
def test_SI8_a_rewritten_descriptor_differs_in_nothing_but_its_numbers(packet: bytes, picture: int, tl0: int) -> None:
    try:
        before = parse_descriptor(packet, 0)
    except ProtocolError:
        return
    built = build_descriptor(before, picture, tl0)
    after = parse_descriptor(built, 0)
    assert after.size == len(built)
    assert after.picture_id == (None if before.picture_id is None else picture & 0x7FFF)
    assert after.tl0 == (None if before.tl0 is None else tl0 & 0xFF)
    assert after.starts_frame == before.starts_frame
    assert after.temporal == before.temporal


def test_SI8_a_cut_off_descriptor_is_refused_by_the_room() -> None:
    scene = Scene()
    scene.run(1)
    (packet, _) = scene.layers["l"].frame(scene.now)
    with pytest.raises(ProtocolError):
        scene.room.receive_rtp(UP, packet[:22], scene.now)


def test_KF1_no_key_frame_of_a_layer_is_wasted_on_a_viewer_who_can_not_receive_yet() -> None:
    room = open_room()
    sender = LayerSender("h", Random(1))
    for packet in sender.frame(0.0):
        room.receive_rtp(UP, packet, 0.0)
    room.open_downward(DOWN, PeerId("ola"))
    asked = feedback_to(room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120)], 1.0), UP)
    asked += feedback_to(room.prefer(DOWN, {CAMERA: Preference(max_height=180)}, 1.05), UP)
    assert asked == []
    assert feedback_to(room.connected(DOWN, 1.1), UP) == [rtcp.KeyframeRequest(SSRCS["h"])]


def test_SI5_a_layer_whose_first_key_frame_was_lost_is_asked_for_one() -> None:
    scene = Scene()
    scene.layers["h"].wants_key = False
    scene.run(3)
    assert scene.viewer.frames()[-1][0] == "h"
    assert [rid for _, rid in scene.asked].count("h") <= 3


def layers(*heights: int, since: float = 0.0) -> list[Layer]:
    return [Layer(place, height, height * 1_000.0, since) for place, height in enumerate(heights)]


@pytest.mark.parametrize(
    ("max_height", "chosen"), [(None, 0), (720, 0), (360, 0), (181, 0), (180, 1), (91, 1), (90, 2), (1, 2)]
)
def test_SI5_the_smallest_layer_that_fills_the_place(max_height: int | None, chosen: int) -> None:
    assert choose_layer(layers(360, 180, 90), None, Preference(max_height), 10.0) == chosen


def test_SI5_nothing_is_chosen_of_nothing() -> None:
    assert choose_layer([], None, NO_PREFERENCE, 1.0) is None
