"""lib0's variable-length encoding: 7 bits a byte, low bits first. Any bytes give a value or ProtocolError."""

from __future__ import annotations

from crdt_docs.errors import ProtocolError

MAX_SAFE_INTEGER = (1 << 53) - 1
"""JavaScript's largest exact integer; lib0 refuses more (decoding.js readVarUint)."""


class Reader:
    """A cursor over bytes. It never reads beyond their end and never allocates what a length merely claims."""

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.end = len(data)

    @property
    def at_end(self) -> bool:
        return self.position >= self.end

    def read_byte(self) -> int:
        position = self.position
        if position >= self.end:
            raise ProtocolError("invalid", "the message ends too early")
        self.position = position + 1
        return self.data[position]

    def read_varuint(self) -> int:
        data, position, end = self.data, self.position, self.end
        if position < end and data[position] < 0x80:
            self.position = position + 1
            return data[position]
        value = shift = 0
        while position < end:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value > MAX_SAFE_INTEGER:
                    break
                self.position = position
                return value
            shift += 7
            # Eight bytes carry 56 bits; a longer run is padding or a number nobody can hold.
            if shift > 56:
                break
        if position >= end and shift <= 56:
            raise ProtocolError("invalid", "the message ends inside a number")
        raise ProtocolError("invalid", "a number is too large")

    def skip_varint(self) -> None:
        """Pass over a signed number (6 bits and a sign in the first byte, then 7 bits a byte)."""
        for _ in range(9):
            if self.read_byte() < 0x80:
                return
        raise ProtocolError("invalid", "a number is too large")

    def read_bytes(self, limit: int) -> bytes:
        """A length and that many bytes; more than `limit` is refused before anything is copied."""
        size = self.read_varuint()
        if size > limit:
            raise ProtocolError("too_large", f"a field of {size} bytes is over its limit of {limit}")
        start = self.position
        if start + size > self.end:
            raise ProtocolError("invalid", "a field is longer than its message")
        self.position = start + size
        return self.data[start : start + size]

    def read_string(self, limit: int) -> str:
        try:
            return self.read_bytes(limit).decode()
        except UnicodeDecodeError:
            raise ProtocolError("invalid", "a text is not UTF-8") from None

    def skip(self, size: int) -> None:
        if size > self.end - self.position:
            raise ProtocolError("invalid", "a field is longer than its message")
        self.position += size


def encode_varuint(value: int) -> bytes:
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value >= 0x80:
        out.append(0x80 | value & 0x7F)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode_bytes(data: bytes) -> bytes:
    return encode_varuint(len(data)) + data


def encode_string(text: str) -> bytes:
    return encode_bytes(text.encode())


def decode_state_vector(data: bytes) -> dict[int, int]:
    """Read a Yjs state vector: how many clients, then client id and clock of each."""
    reader = Reader(data)
    count = reader.read_varuint()
    # Two numbers of at least one byte each: a count beyond that is a lie.
    if count * 2 > reader.end:
        raise ProtocolError("invalid", "a state vector claims more clients than it holds")
    clocks = {reader.read_varuint(): reader.read_varuint() for _ in range(count)}
    if not reader.at_end:
        raise ProtocolError("invalid", "a state vector has bytes left over")
    return clocks


def encode_state_vector(clocks: dict[int, int]) -> bytes:
    parts = [encode_varuint(len(clocks))]
    for client, clock in clocks.items():
        parts += (encode_varuint(client), encode_varuint(clock))
    return b"".join(parts)
