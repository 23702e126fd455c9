"""Real VP8 and Opus frames for tests of recordings, and what a player makes of a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import av

from tests.webrtc.meeting import ROOM, Meeting
from webrtc.effects import RecordFrame
from webrtc.ids import TrackId

VOICE, CAMERA = TrackId("voice"), TrackId("camera")
WIDTH, HEIGHT = 160, 120
FPS = 25


def camera(seconds: float, *, begin_s: float = 0.0) -> list[RecordFrame]:
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, FPS), 200_000
    encoder.options = {"deadline": "realtime", "lag-in-frames": "0", "auto-alt-ref": "0", "g": str(FPS)}
    frames, random = [], Random(1)
    for index in range(round(seconds * FPS)):
        picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane in picture.planes:
            # Noise, so that a frame has a size worth writing.
            plane.update(random.randbytes(plane.buffer_size))
        picture.pts = index
        for packet in encoder.encode(picture):
            frames.append(RecordFrame(CAMERA, begin_s + index / FPS, packet.is_keyframe, bytes(packet)))
    return frames


def voice(seconds: float, *, begin_s: float = 0.0) -> list[RecordFrame]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    frames: list[RecordFrame] = []
    for index in range(round(seconds * 50)):
        sound = av.AudioFrame(format="s16", layout="stereo", samples=960)
        sound.planes[0].update(bytes(sound.planes[0].buffer_size))
        sound.sample_rate, sound.pts = 48_000, index * 960
        for packet in encoder.encode(sound):
            frames.append(RecordFrame(VOICE, begin_s + len(frames) * 0.02, True, bytes(packet)))
    return frames


def in_order(*tracks: list[RecordFrame]) -> Iterator[RecordFrame]:
    yield from sorted((frame for track in tracks for frame in track), key=lambda frame: frame.at_s)


@dataclass(frozen=True)
class Played:
    """What a player decodes of a file."""

    pictures: int
    sounds: int
    picture_ms: list[int]
    sound_ms: list[int]
    size: tuple[int, int] | None


def play(path: Path) -> Played:
    picture_ms: list[int] = []
    sound_ms: list[int] = []
    size = None
    with av.open(str(path)) as container:
        for frame in container.decode():
            assert frame.time is not None
            if isinstance(frame, av.VideoFrame):
                picture_ms.append(round(frame.time * 1000))
                size = frame.width, frame.height
            else:
                sound_ms.append(round(frame.time * 1000))
    return Played(len(picture_ms), len(sound_ms), picture_ms, sound_ms, size)


@asynccontextmanager
async def recorded_meeting(meeting: Meeting, track_ids: list[str], folder: Path) -> AsyncIterator[Path]:
    """Records these tracks as one file while inside; its path has no suffix yet. Afterwards the file is whole."""
    began, ended = asyncio.Event(), asyncio.Event()
    told: list[dict[str, Any]] = []

    def note(event: dict[str, Any]) -> None:
        told.append(event)
        began.set()
        if event["event"] == "recording_ended":
            ended.set()

    meeting.media.on_recording = note
    path = folder / "recorded"
    assert await meeting.media.record(ROOM, "one", path, track_ids, 0) == track_ids
    async with asyncio.timeout(60):
        await began.wait()
        assert told[0]["event"] == "recording_part", told
        yield path
        await meeting.media.stop_recording(ROOM, "one")
        await ended.wait()


def play_layers(path: Path) -> list[list[tuple[int, int]]]:
    """The sizes of the pictures that libvpx, which browsers play VP9 with, makes of each block of a file."""
    decoder = av.CodecContext.create("libvpx-vp9", "r")
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    return [[(picture.width, picture.height) for picture in decoder.decode(packet)] for packet in packets]
