"""One WebM file of recorded frames, written so that it plays however it ends.

libavformat writes it (PyAV, which aiortc brings along): a cluster a second, each whole before the next begins, and the
duration and the index at an orderly end. Nothing is encoded or decoded.
"""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet

from webrtc.effects import RecordFrame
from webrtc.ids import Kind, TrackId

CLUSTER_MS = 1000
"""What a killed process loses at most."""
INTERLEAVE_US = 500_000
"""How long libavformat holds one track back, to sort in another that is silent."""
_MILLISECOND = Fraction(1, 1000)
_DEFAULT_SIZE = (640, 360)


class _WholeWrites:
    """A file for libavformat, which takes what a short write left over for written."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb", buffering=0)
        self.seek, self.tell, self.close, self.fileno = (
            self._raw.seek,
            self._raw.tell,
            self._raw.close,
            self._raw.fileno,
        )

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[self._raw.write(rest) :]
        return len(data)


class WebmFile:
    """`write` frames of the tracks named at first, then `close`. Every method raises OSError when the disk refuses."""

    def __init__(self, path: Path, tracks: dict[TrackId, Kind], frames: list[RecordFrame]) -> None:
        """`frames` are written at once; the first picture in them says how large pictures are."""
        self.path = path
        self.began_at_s = min(frame.at_s for frame in frames)
        self._last_ms: dict[TrackId, int] = {}
        self._file = _WholeWrites(path)
        self._container = av.open(
            self._file,
            "w",
            format="webm",
            options={"cluster_time_limit": str(CLUSTER_MS), "flush_packets": "1"},
            container_options={"max_interleave_delta": str(INTERLEAVE_US)},
        )
        self._streams: dict[TrackId, Any] = {}
        for track_id, kind in sorted(tracks.items(), key=lambda item: item[1] != "video"):
            if kind == "video":
                sizes = (frame.size for frame in frames if frame.track_id == track_id and frame.size is not None)
                width, height = next(sizes, _DEFAULT_SIZE)
                self._streams[track_id] = self._container.add_mux_stream("vp8", width=width, height=height)
            else:
                # An encoder that encodes nothing: it writes the OpusHead that browsers demand (RFC 7845 section 5.1).
                self._streams[track_id] = self._container.add_stream("libopus", rate=48_000, layout="stereo")
        for frame in sorted(frames, key=lambda frame: frame.at_s):
            self.write(frame)

    def has_track(self, track_id: TrackId) -> bool:
        return track_id in self._streams

    def write(self, frame: RecordFrame) -> None:
        at_ms = max(0, round((frame.at_s - self.began_at_s) * 1000))
        # A sender report may set a track's clock back a little; in a file time only goes on.
        at_ms = max(at_ms, self._last_ms.get(frame.track_id, -1) + 1)
        self._last_ms[frame.track_id] = at_ms
        packet = Packet(frame.data)
        packet.stream = self._streams[frame.track_id]
        packet.pts = packet.dts = at_ms
        packet.time_base = _MILLISECOND
        packet.is_keyframe = frame.is_key
        self._container.mux_one(packet)

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """The file is durable when this returns; when it raises, what was written before stays playable."""
        try:
            self._container.close()
            self.sync()
        finally:
            self._file.close()
