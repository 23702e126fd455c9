"""How somebody is signed in, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records.ids import LoginId, UserId

LoginKind = Literal["browser", "token"]
SignInWay = Literal["password", "passkey", "provider", "class_card", "link", "token"]
"""`provider`: through the school's own sign-in."""
TicketPurpose = Literal["confirm_email", "reset_password"]


@dataclass(frozen=True, slots=True)
class Login:
    """One period in which somebody is signed in: a browser's cookie or a script's token."""

    id: LoginId
    user_id: UserId
    kind: LoginKind
    secret_hash: bytes
    created_at_ms: int
    expires_at_ms: int
    revoked_at_ms: int | None = None
    way: SignInWay = "token"
    device: str = ""
    """What the browser calls itself, shortened, for the list of one's own logins."""
    last_used_at_ms: int | None = None
    """To the hour or so; not written at every request."""
    second_factor_at_ms: int | None = None
    """When the login was proved as far as its account demands; None: its second factor is still to come."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A secret sent by e-mail that does one thing once."""

    secret_hash: bytes
    purpose: TicketPurpose
    user_id: UserId
    created_at_ms: int
    expires_at_ms: int
    used_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """One-time codes by time (RFC 6238)."""

    user_id: UserId
    sealed_secret: bytes
    """Encrypted with a key that lies outside the database."""
    created_at_ms: int
    confirmed_at_ms: int | None = None
    """None: shown, but no code of it was typed yet; it protects nothing until then."""
    last_step: int = 0
    """The time step of the newest code used: a code works once."""
    recovery_hashes: tuple[bytes, ...] = ()
