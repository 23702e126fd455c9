"""A scalable track on its way to one viewer: some of its frames, numbered as if there were no others.

Rule: what is held back leaves no hole in the sequence; where a hole had to be left for a packet that turned out to be
unwanted, padding fills it.
"""

from __future__ import annotations

from typing import Any

from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId
from webrtc.retransmission import MAX_GAP, CachedPacket
from webrtc.rtp_header import HEADER, number_header, unwrap
from webrtc.sent_packets import Stamp
from webrtc.svc_selection import Part, Selection

FILLER = b"\x01"
"""One byte of padding that counts itself."""

_REMEMBERED = 512
_MASK = _REMEMBERED - 1
_HELD_BACK = -1
_MARKER, _PADDING = 0x80, 0x20
_TWO_BYTE_PROFILE = b"\x10\x00"


class SvcForwarder(Forwarder):
    __slots__ = (
        "_frame_offset",
        "_highest",
        "_last_frame",
        "_outs",
        "_picture",
        "_sent",
        "asked_at",
        "dependency_id",
        "selection",
    )

    def __init__(self, *arguments: Any, selection: Selection, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.selection = selection
        self.asked_at = float("-inf")
        """When a key frame was last asked for, to change the layer."""
        self.dependency_id: int | None = None
        """Of the header extension with the dependency descriptor; None: the viewer has not agreed on it."""
        self._frame_offset = 0
        self._last_frame = 0
        self._highest = 0
        self._picture = -1
        """The timestamp of the newest picture."""
        self._outs: list[tuple[int, int]] = []
        """By the publisher's number: that number and the viewer's, or _HELD_BACK."""
        self._sent: list[tuple[int, int, int]] = []
        """By the viewer's number: that number, the publisher's, and the marker it went out with."""
        self._forget()

    def _forget(self) -> None:
        self._outs = [(-1, _HELD_BACK)] * _REMEMBERED
        self._sent = [(-1, -1, 0)] * _REMEMBERED

    def change_source(self) -> None:
        super().change_source()
        self._forget()

    def forward_part(
        self,
        packet: CachedPacket,
        part: Part | None,
        now: float,
        sent: Stamp,
        fillers: list[tuple[ConnectionId, bytes]],
    ) -> bytes | None:
        """The header to send this packet with, or None to hold it back; `part` is None for mere padding.

        A header for FILLER is added to `fillers` where the viewer's sequence would keep a hole.
        """
        extended, timestamp, flags = packet.extended_sequence, packet.timestamp, packet.flags
        if self.waiting:
            if part is None or not part.starts_keyframe:
                return None
            self._start(extended, timestamp, now)
            self._highest = extended - 1
            # Frame numbers never go back, or a decoder takes the key frame for an old one.
            self._frame_offset = max(self._frame_offset, self._last_frame + 1 - part.number)
        elif extended < self.first_extended:
            return None
        if extended > self._highest:
            self._leave_room(extended)
            starts_picture = timestamp != self._picture
            self._picture = timestamp
            if part is None or not self.selection.take(part, extended, starts_picture):
                self._outs[extended & _MASK] = extended, _HELD_BACK
                return None
            self._last_out += 1
            out = self._last_out
            self._outs[extended & _MASK] = extended, out
            self._last_timestamp = (timestamp + self.timestamp_offset) & 0xFFFFFFFF
            self._last_timestamp_at = now
        else:
            known, out = self._outs[extended & _MASK]
            if known != extended or out == _HELD_BACK:
                return None
            if part is None or not self.selection.takes_late(part, extended):
                self._outs[extended & _MASK] = extended, _HELD_BACK
                filler = CachedPacket(extended, timestamp, _PADDING, FILLER)
                fillers.append((self.connection_id, self._emit(out, filler, _PADDING, now, sent)))
                return None
        if part.ends_frame and part.rung.spatial == self.selection.present.spatial:
            # The publisher's marker is on a layer that this viewer does not get.
            flags |= _MARKER
        self._sent[out & _MASK] = out, extended, flags & _MARKER
        self._last_frame = max(self._last_frame, part.number + self._frame_offset)
        line = self.line
        if line is None or not line.pacer.is_on:
            return self._emit(out, packet, flags, now, sent)
        self._packets += 1
        self._octets += len(packet.payload)
        return self._pace(line, self._head(out, packet, flags), packet.payload, now)

    def _leave_room(self, extended: int) -> None:
        """Packets that are missing may be for this viewer: their numbers are kept for them."""
        first = self._highest + 1
        self._highest = extended
        if extended - first <= MAX_GAP:
            for missing in range(first, extended):
                self._last_out += 1
                self._outs[missing & _MASK] = missing, self._last_out

    def _emit(self, out: int, packet: CachedPacket, flags: int, now: float, sent: Stamp) -> bytes:
        self._packets += 1
        self._octets += len(packet.payload)
        header = self._head(out, packet, flags)
        line = self.line
        if line is None or line.is_resting:
            return header
        return number_header(header, self.extension, line.number_packet(sent))

    def _head(self, out: int, packet: CachedPacket, flags: int) -> bytes:
        dependency = packet.dependency if self.dependency_id is not None else b""
        header: bytes = HEADER.pack(
            (0x90 if dependency else 0x80) | flags & _PADDING,
            self.payload_type | flags & _MARKER,
            out & 0xFFFF,
            (packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF,
            self.ssrc,
        )
        if not dependency:
            return header
        # A structure takes more than 16 bytes, so these headers have the two-byte form (RFC 8285 section 4.3).
        number = ((packet.picture + self._frame_offset) & 0xFFFF).to_bytes(2, "big")
        element = bytes((self.dependency_id or 0, len(dependency))) + dependency[:1] + number + dependency[3:]
        element += bytes(-len(element) % 4)
        return header + _TWO_BYTE_PROFILE + (len(element) // 4).to_bytes(2, "big") + element

    def source_sequence(self, sequence: int) -> int | None:
        out = unwrap(sequence, self._last_out, 16)
        known, extended, _ = self._sent[out & _MASK]
        return extended if known == out else None

    def resend(self, packet: CachedPacket) -> bytes:
        _, out = self._outs[packet.extended_sequence & _MASK]
        _, _, marker = self._sent[out & _MASK]
        return self._head(out, packet, packet.flags & _PADDING | marker)
