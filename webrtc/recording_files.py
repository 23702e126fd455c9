"""Takes the frames of recorded tracks away from forwarding and into files.

Rule: forwarding never waits for a disk. Frames go to one thread through a bounded queue; when that can't keep up, or
the disk is full, the recording ends and the meeting does not.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from webrtc.effects import RecordFrame
from webrtc.errors import ProtocolError
from webrtc.ids import TrackId
from webrtc.matroska_file import MatroskaFile, name_of
from webrtc.recorded_frames import FRAME_FORMATS, Head

log = logging.getLogger("webrtc")

FIRST_PICTURE_WAIT_S = 2.0
"""A file names its tracks at its head, so frames wait this long for every track to begin."""
MAX_EARLY_FRAMES = 2000
SYNC_INTERVAL_S = 5.0
MAX_QUEUED_BYTES = 32 << 20
"""A minute of four cameras, on a disk that hangs."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Reason = Literal["disk_full", "disk_slow", "disk_error"]


@dataclass(slots=True)
class _Recording:
    file_id: str
    stem: Path
    tracks: dict[TrackId, str]
    """Their codecs."""
    min_free_bytes: int
    refused: bool = False
    """Too much was waiting: the loop's thread hands on no more."""
    ended: bool = False
    part: MatroskaFile | None = None
    part_count: int = 0
    early: list[RecordFrame] = field(default_factory=list)
    """Frames that wait for the head of the file."""
    heads: dict[TrackId, Head] = field(default_factory=dict)
    """What a file's head says of each picture, by its last key frame."""
    unreadable: set[TrackId] = field(default_factory=set)
    synced_at_s: float = 0.0


class RecordingFiles:
    """Call every method from the loop's thread; `tell` is called from any.

    `tell` gets `{event: "recording_part", file_id, name, began_ago_s}` when a file begins; `{event: "recording_failed",
    file_id, reason}` when nothing more can be written, and `stop` has to be called; `{event: "recording_unreadable",
    file_id, track_id}` when one track can't be written and the others go on; and for every `start` once `{event:
    "recording_ended", file_id}` when all its files are closed.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._queued_bytes = 0
        self._lock = threading.Lock()
        self._recordings: dict[str, _Recording] = {}
        self._by_track: dict[TrackId, _Recording] = {}
        self._thread: threading.Thread | None = None

    def start(self, file_id: str, stem: Path, tracks: dict[TrackId, str], min_free_bytes: int) -> None:
        """Write these tracks (their codecs) to `stem.webm`, or `.mkv` where WebM can't hold one of them.

        What begins later goes to `stem-2.webm` … The folder must be there.
        """
        recording = self._recordings[file_id] = _Recording(file_id, stem, tracks, min_free_bytes)
        for track_id in tracks:
            self._by_track[track_id] = recording
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
            self._thread.start()

    def write(self, frame: RecordFrame) -> None:
        recording = self._by_track.get(frame.track_id)
        if recording is None or recording.refused:
            return
        with self._lock:
            self._queued_bytes += len(frame.data)
            recording.refused = self._queued_bytes > MAX_QUEUED_BYTES
        if recording.refused:
            # Told from here: the writing thread may hang for as long as the disk does.
            self._tell_failure(recording, "disk_slow")
            self._queue.put(lambda: self._end(recording, None))
        self._queue.put(lambda: self._write(recording, frame))

    def stop(self, file_id: str) -> tuple[TrackId, ...]:
        """Close the files; returns the tracks that are recorded no more."""
        recording = self._recordings.pop(file_id, None)
        if recording is None:
            return ()
        gone = tuple(track_id for track_id in recording.tracks if self._by_track.get(track_id) is recording)
        for track_id in gone:
            del self._by_track[track_id]
        self._queue.put(lambda: self._end(recording, None))
        return gone

    def close(self) -> None:
        """Stop everything; returns when it is on the disk."""
        for file_id in list(self._recordings):
            self.stop(file_id)
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            work()

    def _write(self, recording: _Recording, frame: RecordFrame) -> None:
        with self._lock:
            self._queued_bytes -= len(frame.data)
        if recording.ended:
            return
        try:
            self._place(recording, frame)
        except OSError as error:
            self._end(recording, _reason_of(error))
        except Exception:
            # What this sender sent makes no file. The others' files have nothing to do with it.
            log.exception("a file of a recording ends")
            for track_id in recording.tracks:
                self._tell_unreadable(recording, track_id)
            self._end(recording, None)

    def _place(self, recording: _Recording, frame: RecordFrame) -> None:
        if frame.is_key:
            self._note_head(recording, frame)
        if frame.track_id in recording.unreadable:
            return
        part = recording.part
        if part is not None and not part.has_track(frame.track_id):
            # A camera that was switched on later; the head of a file can't be changed.
            recording.part = None
            part.close()
            part = None
        if part is not None:
            part.write(frame)
            self._sync(recording, part)
            return
        early = recording.early
        early.append(frame)
        begun = {frame.track_id for frame in early}
        waited_s = frame.at_s - early[0].at_s
        if (
            begun == recording.tracks.keys() - recording.unreadable
            or waited_s >= FIRST_PICTURE_WAIT_S
            or len(early) > MAX_EARLY_FRAMES
        ):
            self._open_part(recording)

    def _open_part(self, recording: _Recording) -> None:
        early, recording.early = recording.early, []
        begun = {frame.track_id for frame in early}
        tracks = {track_id: codec for track_id, codec in recording.tracks.items() if track_id in begun}
        _check_space(recording)
        number = "" if recording.part_count == 0 else f"-{recording.part_count + 1}"
        path = recording.stem.with_name(name_of(f"{recording.stem.name}{number}", tracks.values()))
        recording.part = MatroskaFile(path, tracks, recording.heads, early)
        recording.part_count += 1
        recording.synced_at_s = time.monotonic()
        began_ago_s = recording.synced_at_s - recording.part.began_at_s
        part = {"event": "recording_part", "file_id": recording.file_id, "name": path.name, "began_ago_s": began_ago_s}
        self._tell(part)

    def _note_head(self, recording: _Recording, frame: RecordFrame) -> None:
        """Give one sender's pictures up that do not say at their beginning what a file has to say at its head."""
        format_ = FRAME_FORMATS.get(recording.tracks[frame.track_id])
        if format_ is None:
            return
        try:
            recording.heads[frame.track_id] = format_.head_of(frame.data)
        except ProtocolError:
            if frame.track_id in recording.heads:
                return
            log.warning("a track of a recording can't be written")
            self._tell_unreadable(recording, frame.track_id)

    def _sync(self, recording: _Recording, part: MatroskaFile) -> None:
        now = time.monotonic()
        if now - recording.synced_at_s >= SYNC_INTERVAL_S:
            recording.synced_at_s = now
            part.sync()
            _check_space(recording)

    def _end(self, recording: _Recording, reason: Reason | None) -> None:
        if recording.ended:
            return
        recording.ended = True
        try:
            if recording.early and reason is None:
                self._open_part(recording)
        except Exception as error:
            reason = _reason_of(error)
        try:
            if recording.part is not None:
                recording.part.close()
        except Exception as error:
            reason = reason or _reason_of(error)
        recording.part = None
        if reason is not None:
            self._tell_failure(recording, reason)
        self._tell({"event": "recording_ended", "file_id": recording.file_id})

    def _tell_unreadable(self, recording: _Recording, track_id: TrackId) -> None:
        if track_id not in recording.unreadable:
            recording.unreadable.add(track_id)
            self._tell({"event": "recording_unreadable", "file_id": recording.file_id, "track_id": track_id})

    def _tell_failure(self, recording: _Recording, reason: Reason) -> None:
        self._tell({"event": "recording_failed", "file_id": recording.file_id, "reason": reason})


def _check_space(recording: _Recording) -> None:
    """A recording must not take the last space, which documents and messages need."""
    free = os.statvfs(recording.stem.parent)
    if free.f_bavail * free.f_frsize < recording.min_free_bytes:
        raise OSError(errno.ENOSPC, "a recording would leave too little space")


def _reason_of(error: Exception) -> Reason:
    if isinstance(error, OSError) and error.errno in _FULL:
        log.warning("a recording ends: the disk is full")
        return "disk_full"
    log.error("a recording ends", exc_info=error)
    return "disk_error"
