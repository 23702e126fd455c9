"""One-time codes by time, RFC 6238 (SHA-1, six digits, thirty seconds: what every authenticator app speaks).

Bytes and a clock in, an answer out. That a code works once is for the caller to see to: `matching_step` says which one
it is.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
"""RFC 4226, section 4, R6: 160 bits are recommended."""
STEP_S = 30
DIGITS = 6
STEPS_AROUND = 1
"""Clocks may be half a minute off, and people need some seconds to type (RFC 6238, section 5.2)."""
RECOVERY_CODES = 8
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_LETTERS = 10


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """RFC 4226, section 5.3."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, now_ms: int) -> int | None:
    """The step whose code this is, of the present one and its neighbours; None for a wrong code."""
    now = now_ms // 1000 // STEP_S
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        if step >= 0 and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def shown(secret: bytes) -> str:
    """As people type it into an app that can't scan."""
    return base64.b32encode(secret).decode().rstrip("=")


def app_url(secret: bytes, *, account: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code."""
    fields = urlencode({"secret": shown(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{fields}"


def new_recovery_codes() -> list[str]:
    """For whoever lost the app: each works once; 49 bits."""
    return ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
