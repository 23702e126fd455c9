"""What sessions say to a live document, whatever protocol carried it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """The sender has this much and asks for the rest."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """The answer to a step 1: everything the asker lacks, and all deletions."""

    update: bytes
    more_follows: bool = False
    """It is a slice of an answer, and not the last one: the answer is acknowledged with that."""


@dataclass(frozen=True, slots=True)
class Update:
    update: bytes


@dataclass(frozen=True, slots=True)
class AwarenessUpdate:
    update: bytes


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    pass


@dataclass(frozen=True, slots=True)
class Token:
    """Who opens this document (Hocuspocus only; y-websocket has it in the address)."""

    token: str


@dataclass(frozen=True, slots=True)
class Stateless:
    text: str


@dataclass(frozen=True, slots=True)
class Close:
    """The client is done with this document and keeps its socket."""


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Pong:
    pass


DocMessage = SyncStep1 | SyncStep2 | Update | AwarenessUpdate | QueryAwareness | Stateless
Message = DocMessage | Token | Close | Ping | Pong
