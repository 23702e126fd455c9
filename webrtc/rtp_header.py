"""RTP headers and what a forwarding unit reads of payloads (RFC 3550, RFC 8285, RFC 7741).

Rule: offsets only, no objects per packet beyond one tuple; every length is checked before it is used.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from webrtc.errors import ProtocolError

HEADER = Struct("!BBHII")
HEADER_SIZE = 12
NUMBERED_HEADER = Struct("!BBHIIIBHx")
"""With one header extension of two bytes (RFC 8285 section 4.2): the transport-wide number."""
NUMBERED_PROFILE = 0xBEDE0001
_NUMBER = Struct("!IBHx")
_ONE_BYTE_PROFILE = 0xBEDE
_TWO_BYTE_PROFILE = 0x1000


class RtpHeader(NamedTuple):
    payload_type: int
    marker: int
    """0x80 or 0, ready to be joined with another payload type."""
    sequence: int
    timestamp: int
    ssrc: int
    padding: int
    """0x20 or 0, ready to be joined with the version."""
    payload_offset: int

    def is_padding_only(self, packet: bytes | memoryview) -> bool:
        """Nothing but padding: browsers send such packets to try out a line."""
        return bool(self.padding) and packet[len(packet) - 1] == len(packet) - self.payload_offset

    def payload_end(self, packet: bytes | memoryview) -> int:
        """Where the payload ends and the padding begins."""
        return len(packet) - packet[len(packet) - 1] if self.padding else len(packet)


def is_rtcp(packet: bytes | bytearray | memoryview) -> bool:
    """RFC 5761 section 4: payload types 64–95 are never used for RTP when RTCP shares the port."""
    return 192 <= packet[1] <= 223


def parse_rtp_header(packet: bytes | memoryview) -> RtpHeader:
    """Raise ProtocolError when the header, its extension or the padding does not fit into the packet."""
    size = len(packet)
    if size < HEADER_SIZE:
        raise ProtocolError("shorter than an RTP header")
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(packet)
    if first >> 6 != 2:
        raise ProtocolError("not RTP version 2")
    offset = HEADER_SIZE + 4 * (first & 0x0F)
    if first & 0x10:
        if offset + 4 > size:
            raise ProtocolError("the header extension reaches beyond the packet")
        offset += 4 + 4 * (packet[offset + 2] << 8 | packet[offset + 3])
    if offset > size:
        raise ProtocolError("the header reaches beyond the packet")
    padding = first & 0x20
    if padding and not 0 < (packet[size - 1] if offset < size else 0) <= size - offset:
        raise ProtocolError("the padding reaches beyond the payload")
    return RtpHeader(second & 0x7F, second & 0x80, sequence, timestamp, ssrc, padding, offset)


def number_header(header: bytes, extension: int, number: int) -> bytes:
    """The header with its transport-wide number; what follows it stays the same."""
    if header[0] & 0x10:
        return _add_number(header, extension, number)
    added = _NUMBER.pack(NUMBERED_PROFILE, extension, number & 0xFFFF)
    return bytes((header[0] | 0x10,)) + header[1:HEADER_SIZE] + added + header[HEADER_SIZE:]


def _add_number(header: bytes, extension: int, number: int) -> bytes:
    """The same for a header that has extensions of its own, of either form (RFC 8285)."""
    words = header[14] << 8 | header[15]
    high, low = number >> 8 & 0xFF, number & 0xFF
    is_one_byte = header[12] == _ONE_BYTE_PROFILE >> 8
    element = bytes((extension, high, low, 0) if is_one_byte else (extension >> 4, 2, high, low))
    end = 16 + 4 * words
    return header[:14] + (words + 1).to_bytes(2, "big") + header[16:end] + element + header[end:]


def read_extension(packet: bytes | memoryview, extension_id: int) -> bytes | None:
    """The value of one header extension (RFC 8285), or None; call only after parse_rtp_header accepted the packet."""
    first = packet[0]
    if not first & 0x10:
        return None
    start = HEADER_SIZE + 4 * (first & 0x0F)
    profile = packet[start] << 8 | packet[start + 1]
    position = start + 4
    end = position + 4 * (packet[start + 2] << 8 | packet[start + 3])
    one_byte = profile == _ONE_BYTE_PROFILE
    if not one_byte and profile & 0xFFF0 != _TWO_BYTE_PROFILE:
        return None
    while position < end:
        if packet[position] == 0:
            position += 1
            continue
        if one_byte:
            found, length = packet[position] >> 4, (packet[position] & 0x0F) + 1
            if found == 15:
                return None
            position += 1
        else:
            if position + 2 > end:
                return None
            found, length = packet[position], packet[position + 1]
            position += 2
        if position + length > end:
            return None
        if found == extension_id:
            return bytes(packet[position : position + length])
        position += length
    return None


def unwrap(value: int, reference: int, bits: int) -> int:
    """The number nearest to `reference` whose low `bits` are `value`."""
    span = 1 << bits
    distance = (value - reference) & (span - 1)
    return reference + (distance if distance < span >> 1 else distance - span)


def starts_vp8_keyframe(packet: bytes | memoryview, offset: int) -> bool:
    """Whether this payload is the first of a VP8 key frame (RFC 7741 sections 4.2 and 4.3)."""
    size = len(packet)
    if offset >= size:
        return False
    descriptor = packet[offset]
    if not descriptor & 0x10 or descriptor & 0x07:
        return False
    position = offset + 1
    if descriptor & 0x80:
        if position >= size:
            return False
        extensions = packet[position]
        position += 1
        if extensions & 0x80:
            if position >= size:
                return False
            position += 2 if packet[position] & 0x80 else 1
        if extensions & 0x40:
            position += 1
        if extensions & 0x30:
            position += 1
    return position < size and not packet[position] & 0x01
