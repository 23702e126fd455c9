"""Writing what `webrtc.bits` reads."""

from __future__ import annotations


class BitWriter:
    def __init__(self) -> None:
        self._bits = ""

    def write(self, value: int, bits: int) -> BitWriter:
        self._bits += f"{value:0{bits}b}" if bits else ""
        return self

    def write_below(self, value: int, count: int) -> BitWriter:
        bits = count.bit_length()
        short = (1 << bits) - count
        return self.write(value, bits - 1) if value < short else self.write(value + short, bits)

    def write_exp_golomb(self, value: int) -> BitWriter:
        digits = f"{value + 1:b}"
        self._bits += "0" * (len(digits) - 1) + digits
        return self

    def build(self) -> bytes:
        bits = self._bits + "0" * (-len(self._bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big") if bits else b""
