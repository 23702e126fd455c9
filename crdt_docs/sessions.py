"""Who has a document open here, and how frames reach them: encoded once for all whose frames begin alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crdt_docs.effects import Broadcast, Effect, Send
from crdt_docs.sync_codec import Codec


@dataclass(slots=True)
class Session:
    codec: Codec
    user_id: str
    identity: Mapping[str, Any]
    can_write: bool
    is_seen: bool = True
    """Others are told of its carets and that it is here."""
    state_vector: bytes = b"\x00"
    """What the session had when it last asked; all it can lack came after."""
    is_synced: bool = False
    """It got an answer to a step 1; only then do changes make sense to it."""
    was_asked: bool = False
    """It owes us a step 2, so a gap need not ask again."""
    is_answering: bool = False
    """The step 2 comes in slices, and there are more."""
    is_answer_refused: bool = False
    """One of those slices was refused, so all of them are."""


class Sessions:
    def __init__(self) -> None:
        self._by_id: dict[str, Session] = {}
        self._groups: list[tuple[bytes, tuple[str, ...]]] | None = None

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def get(self, session_id: str | None) -> Session | None:
        return self._by_id.get(session_id) if session_id else None

    def add(self, session_id: str, session: Session) -> None:
        self._by_id[session_id] = session

    def remove(self, session_id: str) -> bool:
        self._groups = None
        return self._by_id.pop(session_id, None) is not None

    def hears_from_now_on(self, session: Session) -> None:
        session.is_synced = True
        self._groups = None

    def broadcast(self, body: bytes) -> Iterable[Effect]:
        """To every session that is synced, the sender included (decision D7)."""
        if self._groups is None:
            by_prefix: dict[bytes, list[str]] = {}
            for session_id, session in self._by_id.items():
                if session.is_synced:
                    by_prefix.setdefault(session.codec.prefix, []).append(session_id)
            self._groups = [(prefix, tuple(session_ids)) for prefix, session_ids in by_prefix.items()]
        return [Broadcast(session_ids, prefix + body) for prefix, session_ids in self._groups]

    def acknowledge(self, session_id: str) -> Iterable[Effect]:
        session = self._by_id.get(session_id)
        frame = session.codec.acknowledged() if session else None
        return [Send(session_id, frame)] if frame else []

    def tell(self, text: str) -> Iterable[Effect]:
        """A stateless message to all whose protocol has a place for it."""
        frames = ((session_id, session.codec.stateless(text)) for session_id, session in self._by_id.items())
        return [Send(session_id, frame) for session_id, frame in frames if frame]
