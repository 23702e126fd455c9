"""One WebM or Matroska file of recorded frames, written so that it plays however it ends (RFC 9559).

libavformat writes it (PyAV, which aiortc brings along): a cluster a second, each whole before the next begins, and the
duration and the index at an orderly end. Nothing is encoded or decoded. WebM has no place for H.264: Matroska has.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet

from webrtc.effects import RecordFrame
from webrtc.ids import TrackId
from webrtc.recorded_frames import Head

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


def name_of(stem: str, codecs: Iterable[str]) -> str:
    """Of a file with tracks of these codecs."""
    return f"{stem}.mkv" if "h264" in codecs else f"{stem}.webm"


class MatroskaFile:
    """`write` frames of the tracks named at first, then `close`. Every method raises OSError when the disk refuses."""

    def __init__(
        self, path: Path, tracks: dict[TrackId, str], heads: dict[TrackId, Head], frames: list[RecordFrame]
    ) -> None:
        """`tracks`: their codecs. `heads`: of every picture among them. `frames` are written at once."""
        self.path = path
        self.began_at_s = min(frame.at_s for frame in frames)
        self._last_ms: dict[TrackId, int] = {}
        self._file = _WholeWrites(path)
        self._container = av.open(
            self._file,
            "w",
            format="matroska" if path.suffix == ".mkv" else "webm",
            options={"cluster_time_limit": str(CLUSTER_MS), "flush_packets": "1"},
            container_options={"max_interleave_delta": str(INTERLEAVE_US)},
        )
        self._streams: dict[TrackId, Any] = {}
        for track_id, codec in sorted(tracks.items(), key=lambda item: item[1] == "opus"):
            if codec != "opus":
                width, height = heads[track_id].size or _DEFAULT_SIZE
                if heads[track_id].private:
                    template = _template(codec, width, height, heads[track_id].private)
                    self._streams[track_id] = self._container.add_stream_from_template(template, opaque=True)
                else:
                    self._streams[track_id] = self._container.add_mux_stream(codec, width=width, height=height)
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


_CODEC_IDS = {"h264": b"V_MPEG4/ISO/AVC", "av1": b"V_AV1"}


def _template(codec: str, width: int, height: int, private: bytes) -> Any:
    """A stream of a file without frames: PyAV takes parameter sets from nowhere else.

    libavformat turns them into the form that a file has them in (avcC, av1C) when it writes.
    """
    video = _element(0xE0, _element(0xB0, _number(width)) + _element(0xBA, _number(height)))
    entry = b"".join(
        (
            _element(0xD7, b"\1"),  # TrackNumber
            _element(0x73C5, b"\1"),  # TrackUID
            _element(0x83, b"\1"),  # TrackType: video
            _element(0x86, _CODEC_IDS[codec]),
            _element(0x63A2, private),
            video,
        )
    )
    head = _element(0x1A45DFA3, _element(0x4282, b"matroska"))
    # An information element with its time scale, the tracks, and a cluster in which there is nothing.
    information = _element(0x1549A966, _element(0x2AD7B1, _number(1_000_000)))
    tracks = _element(0x1654AE6B, _element(0xAE, entry))
    segment = _element(0x18538067, information + tracks + _element(0x1F43B675, _element(0xE7, b"\0")))
    return av.open(io.BytesIO(head + segment), format="matroska").streams.video[0]


def _element(identifier: int, body: bytes) -> bytes:
    """RFC 8794: identifier, length in eight bytes, body."""
    return _number(identifier) + (1 << 56 | len(body)).to_bytes(8, "big") + body


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")
