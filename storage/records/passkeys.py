"""Passkeys, identities at a school's provider, and the questions that come before both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records.ids import Json, PasskeyId, UserId

ChallengePurpose = Literal["passkey_sign_in", "new_passkey", "identity_sign_in", "unknown_identity"]


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key pair in somebody's phone, computer or security key (WebAuthn); the public half is here."""

    id: PasskeyId
    credential_id: bytes
    """What the authenticator calls it; unique."""
    user_id: UserId
    title: str
    """What its owner calls it: `My phone`."""
    public_key: bytes
    """COSE."""
    sign_count: int
    """The authenticator's counter at its last use; 0 when it has none."""
    transports: tuple[str, ...]
    """How the authenticator is reached, as the browser said: `internal`, `usb`, `hybrid` …"""
    is_synced: bool
    """Its owner's devices share it."""
    created_at_ms: int
    last_used_at_ms: int | None = None
    copied_at_ms: int | None = None
    """When its counter went backwards: somebody has a copy, so it opens nothing any more."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at an identity provider (OpenID Connect Core 1.0, section 2: `iss` and `sub` together)."""

    issuer: str
    subject: str
    user_id: UserId
    linked_at_ms: int
    last_used_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question that the hub has asked; an answer counts once, and not for long."""

    secret_hash: bytes
    purpose: ChallengePurpose
    expires_at_ms: int
    user_id: UserId | None = None
    """Whom it was asked; None: whoever answers."""
    details: Json = None
    """What the hub has to know again when the answer comes."""
