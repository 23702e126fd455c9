"""Which user writes under which Yjs client id: bound by the first live update, kept by the log (rules AU)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crdt_docs.update_header import UpdateHeader

Bindings = dict[int, str | None]
"""Client id → user id; None: the hub itself."""


class Writers:
    def __init__(self, stored: Mapping[int, str | None], hub_client_id: int) -> None:
        self._user_of: Bindings = dict(stored)
        self._hub_client_id = hub_client_id
        self._hearsay: set[int] = set()
        """Bound by another process, which may die before it stores that."""

    def is_foreign(self, client: int, user_id: str, speaker: str | None) -> bool:
        """Whether a client id is somebody else's: bound to them, or not bound yet and spoken for by them."""
        if client == self._hub_client_id:
            return True
        if client in self._user_of:
            return self._user_of[client] != user_id
        return speaker is not None and speaker != user_id

    def bind(self, clients: Iterable[int], user_id: str | None) -> Bindings:
        """Bind what is not bound yet; returns what has to be stored with the update."""
        new = {
            client: user_id
            for client in clients
            if client not in self._user_of or (client in self._hearsay and self._user_of[client] == user_id)
        }
        self._user_of.update(new)
        self._hearsay.difference_update(new)
        return new

    def learn(self, bindings: Bindings) -> None:
        """What another process bound. Where the two disagree, the log decides at the next load."""
        self._hearsay.update(client for client in bindings if client not in self._user_of)
        self._user_of = {**bindings, **self._user_of}

    def all(self) -> Bindings:
        return dict(self._user_of)

    def among(self, clients: Iterable[int]) -> Bindings:
        return {client: self._user_of[client] for client in clients if client in self._user_of}


def new_clients(header: UpdateHeader, clocks: Mapping[int, int]) -> set[int]:
    """The client ids under which an update brings something that these clocks lack."""
    return {client for client, _, end in header.ranges if end > clocks.get(client, 0)}
