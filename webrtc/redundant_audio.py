"""Redundant audio (RFC 2198): every packet carries the one before it once more, so that a single loss is not heard.

Rule: any bytes give blocks or a ProtocolError; who negotiated it gets it as it came, the others get each sound once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from webrtc.effects import Effect, SendRtp
from webrtc.errors import ProtocolError
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId
from webrtc.retransmission import CachedPacket
from webrtc.sent_packets import stamp

MAX_BLOCKS = 8
"""Browsers send two; each one more costs the line as much as the voice itself."""
_BLOCK_HEAD = 4


class Block(NamedTuple):
    payload_type: int
    timestamp_offset: int
    """How much older than the packet it is, in units of its clock; 0 for the last block."""
    payload: bytes


def parse_redundant(payload: bytes) -> list[Block]:
    """Oldest first; the last one is the packet's own sound. Raise ProtocolError when the blocks do not fit."""
    heads: list[tuple[int, int, int]] = []
    position = 0
    while True:
        if position >= len(payload) or len(heads) == MAX_BLOCKS:
            raise ProtocolError("the heads of redundant audio are cut off, or too many")
        first = payload[position]
        if not first & 0x80:
            position += 1
            break
        if position + _BLOCK_HEAD > len(payload):
            raise ProtocolError("a head of redundant audio is cut off")
        rest = int.from_bytes(payload[position + 1 : position + _BLOCK_HEAD], "big")
        heads.append((first & 0x7F, rest >> 10, rest & 0x3FF))
        position += _BLOCK_HEAD
    blocks = []
    for payload_type, offset, length in heads:
        if position + length > len(payload):
            raise ProtocolError("a block of redundant audio is cut off")
        blocks.append(Block(payload_type, offset, payload[position : position + length]))
        position += length
    blocks.append(Block(first, 0, payload[position:]))
    return blocks


def relabel(payload: bytes, payload_type: int) -> bytes:
    """The same with another payload type in every head; call only with what parse_redundant accepted."""
    changed = bytearray(payload)
    position = 0
    while changed[position] & 0x80:
        changed[position] = 0x80 | payload_type
        position += _BLOCK_HEAD
    changed[position] = payload_type
    return bytes(changed)


def send_redundant(
    forwarders: Iterable[Forwarder], sound: CachedPacket, payload: bytes, blocks: list[Block], now: float
) -> list[Effect]:
    """Fan one packet out in both forms: `sound` is its own, `payload` all of it."""
    whole = sound._replace(payload=payload)
    sound_sent, whole_sent = stamp(now, len(sound.payload)), stamp(now, len(payload))
    labelled = {block.payload_type for block in blocks}
    plain: list[tuple[ConnectionId, bytes]] = []
    redundant: dict[int, list[tuple[ConnectionId, bytes]]] = {}
    for forwarder in forwarders:
        number = forwarder.red_payload_type
        if number is None:
            header = forwarder.rewrite(sound, now, sound_sent)
            if header is not None:
                plain.append((forwarder.connection_id, header))
            continue
        forwarder.count_more(len(payload) - len(sound.payload))
        header = forwarder.rewrite(whole, now, whole_sent)
        if header is not None:
            header = header[:1] + bytes((header[1] & 0x80 | number,)) + header[2:]
            redundant.setdefault(forwarder.payload_type, []).append((forwarder.connection_id, header))
    effects: list[Effect] = [SendRtp(sound.payload, plain)] if plain else []
    for payload_type, headers in redundant.items():
        effects.append(SendRtp(payload if labelled == {payload_type} else relabel(payload, payload_type), headers))
    return effects
