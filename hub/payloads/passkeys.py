"""Passkeys: the browser's answers as `PublicKeyCredential.toJSON()` gives them, and the list of one's own."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints

from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply
from storage import records

PasskeyTitle = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), STORABLE, ONE_LINE]
CredentialId = Annotated[str, StringConstraints(min_length=1, max_length=1_400, pattern=r"^[A-Za-z0-9_-]+$")]
"""Base64url of at most 1,023 bytes (WebAuthn, section 4)."""
Bytes = Annotated[str, StringConstraints(max_length=8_192, pattern=r"^[A-Za-z0-9_-]*$")]


class _Browsers(Payload):
    """What browsers say beyond what is used here may come along."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Made(_Browsers):
    clientDataJSON: Bytes
    attestationObject: Annotated[str, StringConstraints(max_length=65_536, pattern=r"^[A-Za-z0-9_-]*$")]
    transports: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=10)] = []


class _Signed(_Browsers):
    clientDataJSON: Bytes
    authenticatorData: Bytes
    signature: Bytes
    userHandle: Bytes | None = None


class _Credential(_Browsers):
    id: CredentialId
    rawId: CredentialId
    type: Literal["public-key"]


class MadeCredential(_Credential):
    """Answers `navigator.credentials.create()`."""

    response: _Made


class SignedCredential(_Credential):
    """Answers `navigator.credentials.get()`."""

    response: _Signed


class PasskeyQuestion(Reply):
    options: Any
    """`publicKey` for the browser, bytes in base64url; good for one answer."""


class PasskeyProof(Payload):
    credential: SignedCredential


class NewPasskey(Payload):
    title: PasskeyTitle
    credential: MadeCredential


class PasskeyRef(Payload):
    passkey_id: Id


class RenamePasskey(PasskeyRef):
    title: PasskeyTitle


class Passkey(Reply):
    id: str
    title: str
    is_synced: bool
    """Its owner's devices share it."""
    created_at_ms: int
    last_used_at_ms: int | None
    copied_at_ms: int | None
    """Since when it opens nothing any more, because somebody has a copy."""

    @classmethod
    def of(cls, passkey: records.Passkey) -> Self:
        return cls(
            id=passkey.id,
            title=passkey.title,
            is_synced=passkey.is_synced,
            created_at_ms=passkey.created_at_ms,
            last_used_at_ms=passkey.last_used_at_ms,
            copied_at_ms=passkey.copied_at_ms,
        )


class Passkeys(Reply):
    passkeys: list[Passkey]
