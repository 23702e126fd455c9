"""Rules RE of webrtc/SPEC.md: files that play however they end, and disks that refuse."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.storage.disk import files_no_longer_than
from tests.webrtc.clients import client
from tests.webrtc.meeting import ROOM, open_meeting, user
from tests.webrtc.recorded_media import CAMERA, HEIGHT, VOICE, WIDTH, camera, in_order, play, voice
from webrtc import recording_files
from webrtc.effects import RecordFrame
from webrtc.ids import TrackId
from webrtc.recording_files import MAX_QUEUED_BYTES, RecordingFiles

BOTH: dict[TrackId, str] = {VOICE: "opus", CAMERA: "vp8"}


class Told:
    """What is announced, from whichever thread; `wait_for` waits until it was."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._news = threading.Condition()

    def __call__(self, event: dict[str, Any]) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait_for(self, name: str) -> dict[str, Any]:
        with self._news:
            assert self._news.wait_for(lambda: any(event["event"] == name for event in self.events), 30), self.events
        return next(event for event in self.events if event["event"] == name)


def test_RE6_voice_and_picture_come_out_as_they_went_in(tmp_path: Path) -> None:
    told = Told()
    files = RecordingFiles(told)
    files.start("one", tmp_path / "ana", BOTH, 0)
    for frame in in_order(voice(4, begin_s=100.0), camera(3, begin_s=100.5)):
        files.write(frame)
    assert set(files.stop("one")) == {VOICE, CAMERA}
    files.close()
    assert [event["event"] for event in told.events] == ["recording_part", "recording_ended"]
    played = play(tmp_path / "ana.webm")
    assert (played.pictures, played.size) == (75, (WIDTH, HEIGHT))
    assert played.sounds in range(195, 201)
    assert played.picture_ms[0] == 500
    assert played.picture_ms[-1] == 500 + 74 * 40


def test_RE6_a_camera_that_comes_later_begins_another_part(tmp_path: Path) -> None:
    told = Told()
    files = RecordingFiles(told)
    files.start("one", tmp_path / "ana", BOTH, 0)
    for frame in in_order(voice(8), camera(3, begin_s=4.0)):
        files.write(frame)
    files.stop("one")
    files.close()
    first, second = play(tmp_path / "ana.webm"), play(tmp_path / "ana-2.webm")
    assert (first.pictures, second.pictures) == (0, 75)
    assert first.sounds + second.sounds in range(390, 401)
    assert [event["name"] for event in told.events if "name" in event] == ["ana.webm", "ana-2.webm"]


def test_RE6_a_file_of_nothing_is_not_made(tmp_path: Path) -> None:
    told = Told()
    files = RecordingFiles(told)
    files.start("one", tmp_path / "ana", BOTH, 0)
    files.stop("one")
    files.close()
    assert [event["event"] for event in told.events] == ["recording_ended"]
    assert list(tmp_path.iterdir()) == []


def test_RE7_a_disk_that_refuses_ends_the_recording_and_leaves_what_fitted(tmp_path: Path) -> None:
    told = Told()
    files = RecordingFiles(told)
    files.start("one", tmp_path / "ana", BOTH, 0)
    with files_no_longer_than(200_000):
        for frame in in_order(voice(12), camera(12)):
            files.write(frame)
        assert told.wait_for("recording_failed")["reason"] == "disk_full"
        told.wait_for("recording_ended")
    files.stop("one")
    files.close()
    assert play(tmp_path / "ana.webm").pictures > 25


def test_RE7_the_last_space_is_left_to_the_documents(tmp_path: Path) -> None:
    told = Told()
    files = RecordingFiles(told)
    files.start("one", tmp_path / "ana", BOTH, 1 << 62)
    for frame in in_order(voice(3), camera(3)):
        files.write(frame)
    assert told.wait_for("recording_failed")["reason"] == "disk_full"
    files.stop("one")
    files.close()
    assert list(tmp_path.iterdir()) == []


def test_RE7_RE8_a_disk_that_hangs_delays_nobody(tmp_path: Path) -> None:
    """A pipe nobody reads hangs like a lost network disk, and no write waits for it."""
    os.mkfifo(tmp_path / "ana.webm")
    told = Told()
    files = RecordingFiles(told)
    files.start("one", tmp_path / "ana", {VOICE: "opus"}, 0)
    frame = RecordFrame(VOICE, 0.0, True, bytes(1 << 20))
    for _ in range(MAX_QUEUED_BYTES // (1 << 20) + 2):
        files.write(frame)
    assert told.wait_for("recording_failed")["reason"] == "disk_slow"
    # The writing thread still waits for a reader.
    assert [event["event"] for event in told.events] == ["recording_failed"]
    files.stop("one")
    with (tmp_path / "ana.webm").open("rb") as reader:
        drained = threading.Thread(target=reader.read)
        drained.start()
        told.wait_for("recording_ended")
        files.close()
        drained.join()


def test_RE7_another_recording_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    files = RecordingFiles(told)
    screen = TrackId("screen")
    files.start("one", tmp_path / "absent" / "ana", {CAMERA: "vp8"}, 0)
    files.start("two", tmp_path / "ola", {screen: "vp8"}, 0)
    monkeypatch.setattr(recording_files, "FIRST_PICTURE_WAIT_S", 0.0)
    for frame in camera(2):
        files.write(frame)
        files.write(frame._replace(track_id=screen))
    assert told.wait_for("recording_failed")["file_id"] == "one"
    files.stop("one")
    files.stop("two")
    files.close()
    assert play(tmp_path / "ola.webm").pictures == 50


@pytest.mark.slow
async def test_RE6_a_killed_media_process_leaves_a_file_that_plays(tmp_path: Path) -> None:
    """Voice and camera of another implementation, over the network, until SIGKILL."""
    async with open_meeting() as meeting, client() as camera_client:
        _, answer = await meeting.http.whip(ROOM, user("ana"), "ana", await camera_client.offer_media())
        await camera_client.accept(answer)
        (ana,) = meeting.rooms.peers(ROOM)
        tracks = [track.track_id for track in ana.tracks]
        assert await meeting.media.record(ROOM, "one", tmp_path / "ana", tracks, 0) == tracks
        path = tmp_path / "ana.webm"
        async with asyncio.timeout(60):
            while not path.exists() or path.stat().st_size < 20_000:
                await meeting.media.stats()
        pid = meeting.media.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        played = play(path)
        assert played.pictures >= 10
        assert played.sounds >= 50
        assert abs(played.picture_ms[0] - played.sound_ms[0]) < 1000


@pytest.mark.slow
async def test_RE6_the_files_of_a_meeting_end_in_order(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    ended = asyncio.Event()

    def note(event: dict[str, Any]) -> None:
        events.append(event)
        if event["event"] == "recording_ended":
            ended.set()

    async with open_meeting() as meeting, client() as camera_client:
        meeting.media.on_recording = note
        _, answer = await meeting.http.whip(ROOM, user("ana"), "ana", await camera_client.offer_media())
        await camera_client.accept(answer)
        (ana,) = meeting.rooms.peers(ROOM)
        tracks = [track.track_id for track in ana.tracks]
        assert await meeting.media.record(ROOM, "one", tmp_path / "ana", [*tracks, "absent"], 0) == tracks
        async with asyncio.timeout(60):
            while not events:
                await meeting.media.stats()
        assert events[0]["name"] == "ana.webm"
        assert 0 <= events[0]["began_ago_s"] < 30
        await meeting.media.stop_recording(ROOM, "one")
        async with asyncio.timeout(30):
            await ended.wait()
        assert play(tmp_path / "ana.webm").pictures > 0
