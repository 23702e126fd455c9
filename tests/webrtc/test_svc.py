"""Rules SV: what a viewer gets of a stream that has its layers in itself, as a decoder would judge it."""

from __future__ import annotations

from random import Random
from struct import unpack_from

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webrtc.packets import CAMERA, DOWN, UP, feedback_to, sent_to, sequence_of
from tests.webrtc.scalable import DEPENDENCY_ID, FPS, HEIGHTS, PT, SSRC, TEMPORAL, Av1Camera, ScalableCamera, Vp9Camera
from webrtc import rtcp
from webrtc.codecs import Format
from webrtc.dependency_descriptor import parse_descriptor
from webrtc.effects import Effect
from webrtc.errors import ProtocolError
from webrtc.ids import Mid, PeerId, Ssrc
from webrtc.layers import Preference
from webrtc.published_track import Source
from webrtc.room import Publication, Room, Subscription
from webrtc.rtp_header import parse_rtp_header, read_extension
from webrtc.svc_selection import Rung
from webrtc.svc_track import place_of
from webrtc.upward import Extensions

STEADY_S = 1.5
FATES = st.sampled_from("ssssssl?")
CAMERAS: list[type[ScalableCamera]] = [Vp9Camera, Av1Camera]


def source(camera: ScalableCamera) -> Source:
    name = "vp9" if isinstance(camera, Vp9Camera) else "av1"
    return Source(
        CAMERA,
        Mid("1"),
        "video",
        PT,
        90_000,
        Ssrc(camera.ssrc),
        True,
        True,
        True,
        format=Format(name),
        dependency_id=DEPENDENCY_ID,
    )


class Meeting:
    """A scalable camera, a viewer, and a line between each of them and the room."""

    def __init__(
        self, camera: ScalableCamera, *, seed: int = 1, numbered: bool = False, dependency_id: int | None = 5
    ) -> None:
        self.camera = camera
        self.now = 0.0
        self.room = Room(Random(seed).getrandbits, 0.0)
        self.room.open_upward(UP, PeerId("ana"))
        self.room.publish(UP, [Publication(source(camera), False)], Extensions(4), 0.0)
        self.room.open_downward(DOWN, PeerId("ola"))
        self.ssrc = self.room.outgoing(DOWN, Mid("v"), CAMERA).ssrc
        number, rtx = (3, 121) if numbered else (None, None)
        self.room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120, number, rtx, None, dependency_id)], 0.0)
        self.keyframes_asked = 0
        self.received: list[bytes] = []
        self._run(self.room.connected(DOWN, 0.0))

    def _run(self, effects: list[Effect]) -> None:
        self.received += sent_to(effects, DOWN)
        asked = [f for f in feedback_to(effects, UP) if isinstance(f, rtcp.KeyframeRequest)]
        if asked:
            self.keyframes_asked += len(asked)
            self.camera.wants_key = True

    def send(self, packets: list[bytes]) -> None:
        for packet in packets:
            self._run(self.room.receive_rtp(UP, packet, self.now))

    def play(self, seconds: float) -> list[bytes]:
        """What the viewer receives meanwhile."""
        before = len(self.received)
        for _ in range(round(seconds * FPS)):
            self.send(self.camera.picture(self.now))
            self.now += 1 / FPS
            self._run(self.room.handle_deadline(self.now))
        return self.received[before:]

    def prefer(self, height: int | None, *, visible: bool = True) -> None:
        self._run(self.room.prefer(DOWN, {CAMERA: Preference(height, visible)}, self.now))


def name_of(packet: bytes) -> str:
    return packet[packet.rindex(b"|") + 1 :].decode()


def layers_of(packets: list[bytes]) -> set[tuple[int, int]]:
    return {(int(name[1]), int(name[2])) for name in map(name_of, packets)}


class Decoder:
    """Takes packets in the order of their numbers; complains of holes, torn frames and missing references."""

    def __init__(self, camera: ScalableCamera) -> None:
        self.camera = camera
        self.shown: list[tuple[int, int]] = []
        """Picture and layer of what was shown."""
        self._decoded: set[tuple[int, int]] = set()
        self._key = 0

    def decode(self, packets: list[bytes]) -> None:
        numbers = [sequence_of(packet) for packet in packets]
        assert numbers == [(numbers[0] + index) & 0xFFFF for index in range(len(numbers))], "a hole"
        packets = [packet for packet in packets if not packet[0] & 0x20]
        pictures: dict[int, list[bytes]] = {}
        for packet in packets:
            pictures.setdefault(unpack_from("!I", packet, 4)[0], []).append(packet)
        for picture in pictures.values():
            markers = [bool(packet[1] & 0x80) for packet in picture]
            assert markers == [False] * (len(picture) - 1) + [True], "the last packet of a picture, and no other"
            self._decode_picture([name_of(packet) for packet in picture])

    def _decode_picture(self, names: list[str]) -> None:
        assert names[::2] == [name[:-1] + "0" for name in names[1::2]], "a torn frame"
        for name in names[::2]:
            is_key, spatial, temporal = name[0] == "K", int(name[1]), int(name[2])
            number = int(name.split(".")[1].split("/")[0])
            if is_key and spatial == 0:
                self._decoded.clear()
                self._key = number
            for reference in self._references(is_key, spatial, temporal, number):
                assert reference in self._decoded, f"{name} needs {reference}"
            self._decoded.add((number, spatial))
        self.shown.append((number, spatial))

    def _references(self, is_key: bool, spatial: int, temporal: int, number: int) -> list[tuple[int, int]]:
        if is_key:
            return [(number, spatial - 1)] if spatial else []
        found = [(number - {0: 4, 1: 2, 2: 1}[temporal], spatial)]
        if spatial and not self.camera.key_only:
            found.append((number, spatial - 1))
        return found


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("height", [*HEIGHTS, None])
def test_SV1_a_viewer_gets_what_its_layer_needs_and_nothing_else(
    camera: type[ScalableCamera], height: int | None
) -> None:
    meeting = Meeting(camera())
    meeting.prefer(height)
    meeting.play(STEADY_S)
    settled = meeting.play(2)
    wanted = 2 if height is None else HEIGHTS.index(height)
    assert {spatial for spatial, _ in layers_of(settled)} == {wanted}
    assert len(settled) == 2 * 2 * FPS
    decoder = Decoder(meeting.camera)
    decoder.decode(meeting.received)
    assert decoder.shown[-1][1] == wanted


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV1_with_dependencies_between_layers_the_lower_ones_come_along(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera(key_only=False))
    meeting.prefer(180)
    meeting.play(STEADY_S)
    assert {spatial for spatial, _ in layers_of(meeting.play(1))} == {0, 1}
    Decoder(meeting.camera).decode(meeting.received)


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("key_only", [True, False])
def test_SV2_a_viewer_moves_between_layers_without_a_torn_picture(camera: type[ScalableCamera], key_only: bool) -> None:
    meeting = Meeting(camera(key_only=key_only))
    meeting.play(STEADY_S)
    for height, wanted in ((90, 0), (360, 2), (180, 1), (90, 0), (180, 1)):
        meeting.prefer(height)
        meeting.play(3)
        assert max(spatial for spatial, _ in layers_of(meeting.play(0.5))) == wanted
    Decoder(meeting.camera).decode(meeting.received)
    assert meeting.keyframes_asked <= 10


def test_SV2_a_layer_one_can_go_down_to_takes_no_key_frame() -> None:
    meeting = Meeting(Vp9Camera(key_only=False))
    meeting.play(3)
    asked = meeting.keyframes_asked
    meeting.prefer(90)
    assert {spatial for spatial, _ in layers_of(meeting.play(0.5)[10:])} == {0}
    assert meeting.keyframes_asked == asked
    Decoder(meeting.camera).decode(meeting.received)


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV2_the_frame_rate_changes_without_a_key_frame(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.prefer(90)
    meeting.play(3)
    asked = meeting.keyframes_asked
    router = meeting.room._routers[CAMERA]
    (forwarder,) = router.forwarders
    for most_temporal in (0, 1, 2, 0, 2):
        router.limit(forwarder, place_of(Rung(0, most_temporal)), meeting.now)
        meeting.play(0.5)
        assert {temporal for _, temporal in layers_of(meeting.play(1))} == set(range(most_temporal + 1))
    assert meeting.keyframes_asked == asked
    Decoder(meeting.camera).decode(meeting.received)


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV3_what_is_overtaken_comes_in_its_place_and_what_is_unwanted_leaves_no_hole(
    camera: type[ScalableCamera],
) -> None:
    meeting = Meeting(camera())
    meeting.prefer(90)
    meeting.play(2)
    random = Random(5)
    for _ in range(40):
        packets = [packet for step in (0, 1) for packet in meeting.camera.picture(meeting.now + step / FPS)]
        order = sorted(range(len(packets)), key=lambda index: index + random.random() * 4)
        meeting.send([packets[index] for index in order])
        meeting.now += 2 / FPS
    first = sequence_of(meeting.received[0])
    by_number = {(sequence_of(packet) - first) & 0xFFFF: packet for packet in meeting.received}
    Decoder(meeting.camera).decode([packet for _, packet in sorted(by_number.items())])


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("numbered", [False, True])
def test_SV4_a_lost_packet_comes_again(camera: type[ScalableCamera], numbered: bool) -> None:
    meeting = Meeting(camera(), numbered=numbered)
    meeting.prefer(180)
    meeting.play(3)
    for lost in meeting.received[-40:]:
        nack = rtcp.build_nack(9, meeting.ssrc, [sequence_of(lost)])
        (again,) = sent_to(meeting.room.receive_feedback(DOWN, nack, meeting.now + 1), DOWN)
        if not numbered:
            assert again == lost
        else:
            start, end = parse_rtp_header(again).payload_offset, parse_rtp_header(lost).payload_offset
            assert again[start : start + 2] == lost[2:4]
            assert again[start + 2 :] == lost[end:]
            assert again[1] & 0x80 == lost[1] & 0x80
            assert read_extension(again, 5) == read_extension(lost, 5)


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV4_what_a_viewer_never_got_can_not_be_asked_for(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.prefer(90)
    meeting.play(3)
    last = sequence_of(meeting.received[-1])
    numbers = [(last + step) & 0xFFFF for step in range(1, 10)]
    assert meeting.room.receive_feedback(DOWN, rtcp.build_nack(9, meeting.ssrc, numbers), meeting.now) == []


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV5_a_layer_that_stops_is_left(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.play(3)
    assert {spatial for spatial, _ in layers_of(meeting.play(0.5))} == {2}
    meeting.camera.spatial = 2
    meeting.camera.wants_key = True
    meeting.play(3)
    assert {spatial for spatial, _ in layers_of(meeting.play(0.5))} == {1}


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV5_a_picture_that_is_not_shown_is_not_sent(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.play(2)
    meeting.prefer(None, visible=False)
    assert meeting.play(1) == []
    meeting.prefer(None)
    assert meeting.play(1)
    Decoder(meeting.camera).decode(meeting.received)


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV6_a_publisher_that_begins_anew_goes_on_in_one_sequence(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.play(2)
    seen = len(meeting.received)
    meeting.camera = camera(ssrc=SSRC + 1, first=9)
    meeting.room.publish(UP, [Publication(source(meeting.camera), False)], Extensions(4), meeting.now)
    meeting.play(2)
    assert len(meeting.received) > seen
    decoder = Decoder(meeting.camera)
    decoder.decode(meeting.received)


def test_SV6_av1_without_a_dependency_descriptor_goes_on_whole() -> None:
    meeting = Meeting(Av1Camera())
    bare = []
    for number in range(5):
        for packet in meeting.camera.picture(number / FPS):
            words = unpack_from("!H", packet, 14)[0]
            bare.append(bytes([packet[0] & ~0x10]) + packet[1:12] + packet[16 + 4 * words :])
    meeting.send(bare)
    assert len(meeting.received) == len(bare)


@settings(max_examples=60)
@given(st.data())
def test_SV1_whatever_is_lost_and_wanted_a_number_has_one_content(data: st.DataObject) -> None:
    """Losses, disorder and wishes at any moment: no number is used for two packets."""
    kind: type[ScalableCamera] = data.draw(st.sampled_from(CAMERAS))
    meeting = Meeting(kind(key_only=data.draw(st.booleans())))
    held: list[bytes] = []
    for step in range(data.draw(st.integers(1, 60))):
        for packet in meeting.camera.picture(meeting.now):
            fate = data.draw(FATES)
            if fate == "s":
                meeting.send([packet])
            elif fate == "?":
                held.append(packet)
        if held and data.draw(FATES) == "s":
            meeting.send([held.pop()])
        if step % 10 == 0:
            meeting.prefer(data.draw(st.sampled_from([*HEIGHTS, None])))
        meeting.now += 1 / FPS
    contents: dict[int, bytes] = {}
    for packet in meeting.received:
        assert contents.setdefault(sequence_of(packet), packet) == packet
    if contents:
        span = [(number - sequence_of(meeting.received[0])) & 0xFFFF for number in contents]
        assert max(span) < 2 * 3 * 60 * len(TEMPORAL)


@given(st.binary(max_size=60), st.sampled_from(CAMERAS))
def test_SV1_any_payload_is_forwarded_or_refused(payload: bytes, camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.send(meeting.camera.picture(0.0))
    head = meeting.camera.picture(0.05)[0]
    try:
        meeting.send([head[:12] + payload])
    except ProtocolError:
        pass
    meeting.now = 0.1
    meeting.send(meeting.camera.picture(0.1))


@pytest.mark.parametrize("numbered", [False, True])
def test_SV7_the_dependency_descriptor_goes_on_with_frame_numbers_that_never_go_back(numbered: bool) -> None:
    meeting = Meeting(Av1Camera(), numbered=numbered)
    meeting.play(2)
    meeting.camera = Av1Camera(ssrc=SSRC + 1, first=9)
    meeting.room.publish(UP, [Publication(source(meeting.camera), False)], Extensions(4), meeting.now)
    meeting.play(2)
    structure, highest, carried = None, -1, []
    for packet in meeting.received:
        parse_rtp_header(packet)
        data = read_extension(packet, 5)
        assert data is not None
        carried.append(read_extension(packet, 3))
        frame = parse_descriptor(data, structure)
        structure = frame.structure or structure
        assert frame.number >= highest
        highest = frame.number
    assert all((number is not None) == numbered for number in carried)
    if numbered:
        numbers = [int.from_bytes(number or b"", "big") for number in carried]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    Decoder(meeting.camera).decode(meeting.received)


@pytest.mark.parametrize("key_only", [True, False])
def test_SV7_who_does_not_read_dependencies_gets_the_smallest_picture_of_av1(key_only: bool) -> None:
    meeting = Meeting(Av1Camera(key_only=key_only), dependency_id=None)
    meeting.play(3)
    assert {spatial for spatial, _ in layers_of(meeting.play(1))} == {0}
    assert all(not packet[0] & 0x10 for packet in meeting.received)
    Decoder(meeting.camera).decode(meeting.received)


@pytest.mark.parametrize("camera", CAMERAS)
def test_SV5_the_costs_of_layers_are_those_of_all_that_they_need(camera: type[ScalableCamera]) -> None:
    meeting = Meeting(camera())
    meeting.play(3)
    router = meeting.room._routers[CAMERA]
    (forwarder,) = router.forwarders
    costs, present = router.find_costs(forwarder, meeting.now)
    assert [place for place, _ in costs] == [place_of(Rung(*rung)) for rung in ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2))]
    rates = [rate for _, rate in costs]
    assert rates == sorted(rates) and rates[0] > 0
    assert present == place_of(Rung(2, 2))
