"""A push service on this machine, and the browser behind it: it reads what only the browser's keys can open.

Written from RFC 8291 and RFC 8188 with nothing but primitives, so that it is another implementation than the hub's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def open_message(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """RFC 8291, section 3.4, and one record of RFC 8188."""
    salt, id_length = body[:16], body[20]
    sender, sealed = body[21 : 21 + id_length], body[21 + id_length :]
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
    secret = hkdf(auth, shared, b"WebPush: info\0" + point_of(key) + sender, 32)
    content_key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(content_key).decrypt(nonce, sealed, None)
    text, delimiter = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1:]
    assert delimiter == b"\2"
    return text


class PushService:
    """`answers` are the statuses it will give, then 201 for ever."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(CURVE)
        self.auth = b"0123456789abcdef"
        self.url = ""
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def subscription(self) -> dict[str, str]:
        return {"endpoint": f"{self.url}/push/1", "p256dh": encode(point_of(self.key)), "auth": encode(self.auth)}

    def texts(self) -> list[Any]:
        return [json.loads(open_message(body, self.key, self.auth)) for _, body in self.came]

    def check_vapid(self, public_key: str) -> dict[str, Any]:
        """The claims of the last request's token, once its signature is proved to be the hub's (RFC 8292)."""
        scheme, _, rest = self.came[-1][0]["Authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, parts["k"]) == ("vapid", public_key)
        head, claims, signature = parts["t"].split(".")
        raw = decode(signature)
        numbers = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        known = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(public_key))
        known.verify(numbers, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        return dict(json.loads(decode(claims)))

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((dict(request.headers), await request.read()))
        status = self.answers.pop(0) if self.answers else 201
        return web.Response(status=status, headers={"Location": "http://127.0.0.1:9/elsewhere"})


@asynccontextmanager
async def open_push_service() -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/push/1", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield service
    finally:
        await runner.cleanup()
