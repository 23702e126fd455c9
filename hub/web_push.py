"""Web push: encrypts for one browser (RFC 8291), signs for its push service (RFC 8292) and hands it over (RFC 8030).

The service that a browser names is a stranger's address: the hub calls those that its operator listed, and no other.
"""

from __future__ import annotations

import base64
import os
import time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from hub.errors import Invalid, Unavailable
from hub.outgoing_http import HttpFailed, OutgoingHttp
from storage.folders import sync_folder

KEY_FILE = "push.key"
TOKEN_LIFE_S = 12 * 60 * 60
"""RFC 8292 allows a day; half of it forgives clocks that are wrong."""
GONE = (404, 410)


class WebPush:
    """`services`: comma-separated host names (`.example.com` for all under it), or whole origins."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, services: str, contact: str) -> None:
        self._vapid = Vapid02(key)
        self._services = [service.strip().lower() for service in services.split(",") if service.strip()]
        self._contact = contact
        point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        self.public_key = base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    @property
    def is_on(self) -> bool:
        return bool(self._services)

    def check_endpoint(self, endpoint: str) -> None:
        """Raise Invalid for a push service that the operator did not list."""
        parts = urlsplit(endpoint)
        host, origin = (parts.hostname or "").lower(), f"{parts.scheme}://{parts.netloc}".lower()
        listed = any(
            service == origin
            or (parts.scheme == "https" and (host == service or service.startswith(".") and host.endswith(service)))
            for service in self._services
        )
        if not listed:
            raise Invalid("This hub sends nothing to the push service of this browser.", field="endpoint")

    async def send(
        self, endpoint: str, p256dh: str, auth: str, data: bytes, *, life_s: int, urgency: str = "normal"
    ) -> Literal["sent", "gone"]:
        """`gone`: the browser takes nothing any more; forget it. Raise Unavailable when it may work later."""
        self.check_endpoint(endpoint)
        try:
            body = http_ece.encrypt(
                data,
                private_key=ec.generate_private_key(ec.SECP256R1()),
                dh=_decode(p256dh),
                auth_secret=_decode(auth),
                version="aes128gcm",
            )
        except (ValueError, http_ece.ECEException):
            return "gone"  # Keys that are no keys: nobody will ever read what is encrypted with them.
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": self._contact,
            "exp": int(time.time()) + TOKEN_LIFE_S,
        }
        headers = {
            **self._vapid.sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(life_s),
            "Urgency": urgency,
        }
        try:
            async with OutgoingHttp() as http:
                status = await http.post_bytes(endpoint, body, headers)
        except HttpFailed as error:
            raise Unavailable(f"The push service does not answer: {error}.") from error
        if status in GONE:
            return "gone"
        if status >= 300:
            raise Unavailable(f"The push service answered {status}.")
        return "sent"


def read_push_key(data_dir: Path) -> ec.EllipticCurvePrivateKey:
    """The key by which push services know this hub, made when first asked for."""
    path = data_dir / KEY_FILE
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_suffix(f".{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return read_push_key(data_dir)  # Another process was quicker: its key counts.
        finally:
            draft.unlink()
        sync_folder(data_dir)
        return key
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no key for web push")
    return found


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
