"""Datagrams in a TCP stream, as ICE-TCP carries them: its length before each (RFC 4571, RFC 6544 section 3)."""

from __future__ import annotations

from webrtc.errors import ProtocolError

HEADER_SIZE = 2


def frame(packet: bytes | memoryview) -> bytes:
    """Raise OverflowError for a packet of more than 65,535 bytes; the hub makes none."""
    return len(packet).to_bytes(HEADER_SIZE, "big") + packet


class Deframer:
    """Takes a stream in whatever pieces it comes and gives the packets back."""

    def __init__(self, max_packet_bytes: int) -> None:
        self._max_packet_bytes = max_packet_bytes
        self._buffer = bytearray()

    def receive(self, data: bytes | memoryview) -> list[bytes]:
        """The packets that are whole now. Raise ProtocolError at a length that none has: the stream is lost then."""
        buffer = self._buffer
        buffer += data
        packets: list[bytes] = []
        position, size = 0, len(buffer)
        while position + HEADER_SIZE <= size:
            length = buffer[position] << 8 | buffer[position + 1]
            if not 0 < length <= self._max_packet_bytes:
                raise ProtocolError("not a length that a packet here can have")
            end = position + HEADER_SIZE + length
            if end > size:
                break
            packets.append(bytes(buffer[position + HEADER_SIZE : end]))
            position = end
        del buffer[:position]
        return packets
