"""An authenticator and the browser around it (W3C Web Authentication, sections 6.1 and 5.8.1), for tests that have to
do what no browser does: sign for another origin, a former challenge, a counter that goes backwards."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, MAY_SYNC, HOLDS_KEY = 0x01, 0x04, 0x08, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Authenticator:
    origin: str
    domain: str = "localhost"
    flags: int = PRESENT | VERIFIED | MAY_SYNC
    count: int = 0
    """What its counter says at the next use; 0: it has none."""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: Any) -> Any:
        """Answers `navigator.credentials.create()`."""
        self.user_handle = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(HOLDS_KEY) + self._described_key()}
        return self._answer(
            clientDataJSON=b64(self._client_data("webauthn.create", options["challenge"])),
            attestationObject=b64(cbor2.dumps(attestation)),
            transports=["internal", "hybrid", "pigeon"],
        )

    def sign(self, options: Any) -> Any:
        """Answers `navigator.credentials.get()`."""
        client_data, data = self._client_data("webauthn.get", options["challenge"]), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=b64(client_data),
            authenticatorData=b64(data),
            signature=b64(signature),
            userHandle=None if self.user_handle is None else b64(self.user_handle),
        )

    def _answer(self, **response: Any) -> Any:
        name = b64(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        }

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more_flags: int) -> bytes:
        count, self.count = self.count, self.count + 1 if self.count else 0
        rp_hash = hashlib.sha256(self.domain.encode()).digest()
        return rp_hash + bytes([self.flags | more_flags]) + count.to_bytes(4, "big")

    def _described_key(self) -> bytes:
        """Attested credential data: RFC 9053 ES256 key."""
        numbers = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(key)
