"""Passkeys (W3C Web Authentication, Level 3): what a browser is asked, and whether its answer holds.

Bytes and text in, a verdict out; that a challenge is answered once and in time is for the caller to see to. The
authenticator always has to verify its owner (by finger, face or PIN), so that one passkey is two factors. Attestation
is not asked for: which make somebody's phone is, is not the hub's business.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from storage.records import Passkey, User

RP_NAME = "TwinSpace Hub"
ANSWER_WITHIN_MS = 5 * 60 * 1000
"""Looking for the phone takes a while; the specification recommends five to ten minutes."""
DEFAULT_PORTS = {"https": 443, "http": 80}
TRANSPORTS = frozenset(transport.value for transport in AuthenticatorTransport)
FAULTS = (WebAuthnException, ValueError, KeyError, TypeError, IndexError)
"""What the library raises for an answer of the wrong form, beside what it documents."""


class NotProved(Exception):
    """The answer doesn't hold; the message says why, for the log."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a passkey is for: it answers to pages of this origin alone."""

    domain: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewKey:
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Use:
    sign_count: int
    is_synced: bool


def party_of(base_url: str, domain: str = "") -> Party:
    """The hub at this address; `domain` is its host, or one above it."""
    address = urlsplit(base_url)
    host = (address.hostname or "").lower()
    at_port = "" if address.port in (None, DEFAULT_PORTS.get(address.scheme)) else f":{address.port}"
    return Party(domain or host, f"{address.scheme}://{host}{at_port}")


def ask_for_new(party: Party, user: User, known: Iterable[Passkey], challenge: bytes) -> Any:
    """`publicKey` of `navigator.credentials.create()`, as JSON has it; those that are known need not come again."""
    options = generate_registration_options(
        rp_id=party.domain,
        rp_name=RP_NAME,
        user_id=user.id.encode(),
        user_name=user.email or user.name,
        user_display_name=user.display_name,
        challenge=challenge,
        timeout=ANSWER_WITHIN_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_described(passkey) for passkey in known],
    )
    return json.loads(options_to_json(options))


def ask_for_proof(party: Party, challenge: bytes) -> Any:
    """`publicKey` of `navigator.credentials.get()`: any passkey of this hub, so that nobody has to say who one is."""
    options = generate_authentication_options(
        rp_id=party.domain,
        challenge=challenge,
        timeout=ANSWER_WITHIN_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.loads(options_to_json(options))


def challenge_in(credential: Any) -> bytes:
    """Which question this answers. Raise NotProved when it says none."""
    try:
        client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(client_data["challenge"])
    except FAULTS as error:
        raise NotProved("no challenge") from error


def read_new(party: Party, credential: Any, challenge: bytes) -> NewKey:
    """Raise NotProved unless it answers this challenge, made on a page of the hub by a verified person."""
    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.domain,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except FAULTS as error:
        raise NotProved(str(error)) from error
    named = credential["response"].get("transports") or ()
    return NewKey(
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=tuple(sorted(set(named) & TRANSPORTS)),
        is_synced=found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
    )


def credential_id_in(credential: Any) -> bytes:
    """Whose answer it claims to be."""
    try:
        return base64url_to_bytes(credential["rawId"])
    except FAULTS as error:
        raise NotProved("no credential id") from error


def read_proof(party: Party, credential: Any, challenge: bytes, passkey: Passkey) -> Use:
    """Raise NotProved unless this passkey signed this challenge on a page of the hub, for its verified owner.

    The counter is for the caller to compare.
    """
    try:
        handle = credential["response"].get("userHandle")
        if handle is not None and base64url_to_bytes(handle) != passkey.user_id.encode():
            raise NotProved("the passkey was made for another account")
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.domain,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            # The library would refuse a counter that did not grow as any other fault; it means more than that.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except FAULTS as error:
        raise NotProved(str(error)) from error
    return Use(found.new_sign_count, found.credential_device_type is CredentialDeviceType.MULTI_DEVICE)


def _described(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports)
