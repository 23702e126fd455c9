"""An independent member of an encrypted meeting: aiortc, and PROTOCOL.md's words about keys and frames in Python."""

from __future__ import annotations

import asyncio
import base64
import struct
from typing import Any, Self

from aiortc.rtp import RtpPacket
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.hub.world import Socket
from tests.webrtc.clients import Client

TRAILER = struct.Struct(">IBBB")
Key = tuple[int, int, bytes]
"""Epoch, step, secret."""


def derive(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, None, info).derive(secret)


def open_frame(frame: bytes, key: Key) -> bytes | None:
    """The frame in clear; None when this key, and what follows from it, do not open it."""
    counter, epoch, step, clear = TRAILER.unpack(frame[-TRAILER.size :])
    secret = key[2]
    if epoch != key[0] & 0xFF or step < key[1]:
        return None
    for _ in range(step - key[1]):
        secret = derive(secret, b"step", 16)
    salt = derive(secret, b"frame salt", 12)
    nonce = salt[:8] + struct.pack(">I", struct.unpack(">I", salt[8:])[0] ^ counter)
    associated = frame[:clear] + frame[-TRAILER.size :]
    try:
        opened = AESGCM(derive(secret, b"frame key", 16)).decrypt(nonce, frame[clear : -TRAILER.size], associated)
    except InvalidTag:
        return None
    return frame[:clear] + opened


class Keyholder:
    """Watches one peer, and keeps the keys that it was sent and the payloads as they came."""

    def __init__(self, socket: Socket, room_id: str, peer_id: str, private: ec.EllipticCurvePrivateKey) -> None:
        self._socket, self._room_id, self._peer_id, self._private = socket, room_id, peer_id, private
        self.client = Client()
        self.voice: list[bytes] = []
        self.picture: list[bytes] = []
        self._news = asyncio.Event()

    @classmethod
    async def join(cls, url: str, token: str, room_id: str) -> tuple[Self, list[Any]]:
        """Also returns who is in."""
        socket = await Socket.connect(url, {"token": token})
        private = ec.generate_private_key(ec.SECP256R1())
        raw = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        public = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        reply = await socket.call("room:join", {"room_id": room_id, "public_key": public})
        assert reply["ok"], reply
        return cls(socket, room_id, reply["peer_id"], private), reply["peers"]

    async def watch(self, peer: Any) -> None:
        """The first voice and the first picture."""
        offer = await self.client.offer_to_watch()
        for transceiver, packets in zip(
            self.client.connection.getTransceivers(), (self.voice, self.picture), strict=True
        ):
            self._keep(transceiver.receiver, packets)
        kinds = [next(t["track_id"] for t in peer["tracks"] if t["kind"] == kind) for kind in ("audio", "video")]
        tracks = [{"mid": str(mid), "track_id": track_id} for mid, track_id in enumerate(kinds)]
        reply = await self._socket.call("room:subscribe", {"room_id": self._room_id, "sdp": offer, "tracks": tracks})
        await self.client.accept(reply["sdp"])

    def _keep(self, receiver: Any, packets: list[bytes]) -> None:
        handle = receiver._handle_rtp_packet

        async def keep(packet: RtpPacket, **more: Any) -> None:
            packets.append(packet.payload)
            self._news.set()
            await handle(packet, **more)

        receiver._handle_rtp_packet = keep

    async def key_of(self, peer: Any) -> Key:
        """The first one that the peer sent."""
        told = await self._socket.expect("room:key", lambda data: data["peer_id"] == peer["peer_id"] and data["sealed"])
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(peer["public_key"]))
        route = ["sealed key", self._room_id, peer["peer_id"], self._peer_id]
        key = derive(self._private.exchange(ec.ECDH(), theirs), "\0".join(route).encode(), 16)
        sealed = _bytes(told["sealed"])
        epoch, step, secret = struct.unpack(">II16s", AESGCM(key).decrypt(sealed[:12], sealed[12:], None))
        return epoch, step, secret

    async def hear(self, count: int) -> list[bytes]:
        """The next so many frames of the voice."""
        start = len(self.voice)
        async with asyncio.timeout(60):
            while len(self.voice) < start + count:
                self._news.clear()
                await self._news.wait()
        return self.voice[start:]

    async def leave(self) -> None:
        await self._socket.call("room:leave", {"room_id": self._room_id})
        await self.client.close()
        await self._socket.close()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
