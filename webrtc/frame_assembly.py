"""Packets back into frames, in order, for a recording (RFC 7741 section 4, RFC 7587 section 4.2).

Rule: what waits is bounded in number and in time; a frame is whole or it is not there. After a lost picture nothing
passes until the next key frame, so that whatever is written can be decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from webrtc.errors import ProtocolError
from webrtc.ids import Kind

MAX_WAITING = 1024
"""Packets; a second of a shared screen at 10 Mbit/s."""
WAIT_S: dict[Kind, float] = {"video": 0.6, "audio": 0.2}
"""For a missing packet: six requests for it take 370 ms; a voice is rarely asked for again."""


class Piece(NamedTuple):
    """One packet of a frame."""

    extended_sequence: int
    timestamp: int
    is_last: bool
    """The marker bit: the frame is complete with this packet."""
    starts_frame: bool
    starts_keyframe: bool
    body: bytes
    """The payload; empty for a packet of nothing but padding."""


class Frame(NamedTuple):
    timestamp: int
    is_key: bool
    data: bytes


class FrameAssembler:
    __slots__ = ("_gap_since", "_highest", "_is_video", "_join", "_next", "_wait_s", "_waiting", "lost")

    def __init__(self, kind: Kind, join: Callable[[Sequence[bytes]], bytes] = b"".join) -> None:
        """`join` makes a picture of its payloads, or raises ProtocolError."""
        self._join = join
        self._is_video = kind == "video"
        self._wait_s = WAIT_S[kind]
        self._waiting: dict[int, Piece] = {}
        self._next: int | None = None
        """The first packet that is not yet part of a frame; None: wait for one to start with."""
        self._highest = -1
        self._gap_since: float | None = None
        self.lost = 0
        """Times that something was given up."""

    @property
    def wants_keyframe(self) -> bool:
        return self._is_video and self._next is None

    def restart(self) -> None:
        """Forget what waits; begin again at a key frame, or at the next packet of a voice."""
        self._waiting.clear()
        self._next = None
        self._gap_since = None

    def receive(self, piece: Piece, now: float) -> list[Frame]:
        """The frames that are complete with this packet, in order."""
        extended = piece.extended_sequence
        if self._next is not None and extended < self._next:
            return []
        self._waiting[extended] = piece
        self._highest = max(self._highest, extended)
        if self._next is None:
            self._find_start()
        frames = self._collect()
        if frames:
            self._gap_since = None
        if self._next is not None and self._is_stuck(now):
            self._give_up()
            frames += self._collect()
        if len(self._waiting) > MAX_WAITING:
            self.lost += 1
            self.restart()
        return frames

    def _find_start(self) -> None:
        starts = [e for e, piece in self._waiting.items() if piece.starts_keyframe or not self._is_video]
        if not starts:
            return
        self._next = min(starts)
        for extended in [extended for extended in self._waiting if extended < self._next]:
            del self._waiting[extended]

    def _collect(self) -> list[Frame]:
        frames: list[Frame] = []
        while self._next is not None:
            frame = self._take_voice() if not self._is_video else self._take_picture()
            if frame is None:
                break
            if frame.data:
                frames.append(frame)
        return frames

    def _take_voice(self) -> Frame | None:
        assert self._next is not None
        piece = self._waiting.pop(self._next, None)
        if piece is None:
            return None
        self._next += 1
        return Frame(piece.timestamp, True, piece.body)

    def _take_picture(self) -> Frame | None:
        """All packets up to the marker, or, where a marker is missing, up to the start of the next frame."""
        assert self._next is not None
        waiting = self._waiting
        first = waiting.get(self._next)
        if first is None:
            return None
        end = self._next
        while True:
            piece = waiting.get(end)
            if piece is None:
                return None
            end += 1
            following = waiting.get(end)
            if piece.is_last or not first.body or (following is not None and following.timestamp != first.timestamp):
                break
        pieces = [waiting.pop(extended) for extended in range(self._next, end)]
        self._next = end
        payloads = [piece.body for piece in pieces if piece.body]
        try:
            if payloads and not first.starts_frame:
                raise ProtocolError("a picture begins in its middle")
            data = self._join(payloads) if payloads else b""
        except ProtocolError:
            # The sender broke the format: what follows can't be trusted to be decoded.
            self.lost += 1
            self._next = None
            self._find_start()
            return Frame(first.timestamp, False, b"")
        return Frame(first.timestamp, any(piece.starts_keyframe for piece in pieces), data)

    def _is_stuck(self, now: float) -> bool:
        assert self._next is not None
        if self._highest - self._next + 1 == len(self._waiting):
            self._gap_since = None
            return False
        if self._gap_since is None:
            self._gap_since = now
        return now - self._gap_since >= self._wait_s

    def _give_up(self) -> None:
        self.lost += 1
        self._gap_since = None
        if self._is_video:
            former, self._next = self._next, None
            assert former is not None
            self._waiting.pop(former, None)  # were it a key frame's start, its frame is the one that is broken
            self._find_start()
            if self._next is None:
                self._waiting.clear()
        else:
            self._next = min(self._waiting)
