"""Reading fields that are not whole bytes: what codecs put into their headers.

Rule: beyond the end there is a ProtocolError, never a made-up zero.
"""

from __future__ import annotations

from webrtc.errors import ProtocolError

_LONGEST_EXP_GOLOMB = 32


class BitReader:
    __slots__ = ("_length", "_value", "position")

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._length = 8 * len(data)
        self.position = 0

    def read(self, bits: int) -> int:
        """An unsigned number, most significant bit first."""
        end = self.position + bits
        if end > self._length:
            raise ProtocolError("a bit field reaches beyond the packet")
        self.position = end
        return self._value >> (self._length - end) & ((1 << bits) - 1)

    def flag(self) -> bool:
        return bool(self.read(1))

    def read_below(self, count: int) -> int:
        """A number below `count` in as few bits as it takes: ns(n) of the AV1 specification."""
        bits = count.bit_length()
        short = (1 << bits) - count
        value = self.read(bits - 1)
        return value if value < short else (value << 1 | self.read(1)) - short

    def read_exp_golomb(self) -> int:
        """ue(v) of H.264 section 9.1; uvlc() of AV1 is the same."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros == _LONGEST_EXP_GOLOMB:
                raise ProtocolError("an Exp-Golomb number is too long")
        return (1 << zeros) - 1 + self.read(zeros)

    def read_signed_exp_golomb(self) -> int:
        """se(v) of H.264 section 9.1.1."""
        number = self.read_exp_golomb()
        return (number + 1) // 2 if number & 1 else -(number // 2)
