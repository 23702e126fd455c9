"""Encryption from end to end: the option of a room, and keys that the hub passes on without being able to read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.payloads.fields import Id, Payload, Reply

PublicKey = Annotated[str, StringConstraints(pattern=r"^B[A-Za-z0-9_-]{86}$")]
"""A point of P-256, uncompressed, as base64url without padding."""
Sealed = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9_-]+$")]

MOST_KEYS = 200


class ChangeRoom(Payload):
    room_id: Id
    is_encrypted: bool


class RoomChanged(Reply):
    room_id: str
    twinspace_id: str
    is_encrypted: bool


class KeyFor(Payload):
    peer_id: Id
    sealed: Sealed | None
    """None asks for this peer's key."""


class SendKeys(Payload):
    room_id: Id
    keys: Annotated[list[KeyFor], Field(min_length=1, max_length=MOST_KEYS)]


class KeyTold(Reply):
    room_id: str
    peer_id: str
    """Of whom it is."""
    sealed: str | None
    """None: this peer asks for the key of who is told."""
