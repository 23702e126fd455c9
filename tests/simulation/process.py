"""A hub process of the simulated network: a keeper of one LiveDoc that can die at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crdt_docs.effects import Broadcast, Effect, Persist, Publish, Reject, Send
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import DocMessage, Update
from tests.simulation.client import Client
from tests.simulation.durable_log import LIMITS

if TYPE_CHECKING:
    from tests.simulation.hub_network import Network


class Process:
    def __init__(self, network: Network, number: int) -> None:
        self.network = network
        self.number = number
        self.live: LiveDoc | None = None
        self.unsaved: list[Persist] = []
        self.generation = 0
        self.owners: set[str] = set()
        self.is_in_round = False

    def open(self) -> LiveDoc:
        if self.live is None:
            self.generation += 1
            log = self.network.log
            self.live = LiveDoc(
                LIMITS,
                state=log.state,
                entries=log.updates,
                writers=log.writers,
                client_id=1_000 * (self.number + 1) + self.generation,
                now_ms=self.network.now_ms,
            )
            self.run(self.live.ask_peers())
        return self.live

    def connect(self, client: Client) -> None:
        assert client.session is not None
        self.end_round()
        live = self.open()
        self.owners.add(client.session)
        self.run(
            live.connect(
                client.session,
                HocuspocusCodec("doc"),
                user_id=client.name,
                can_write=True,
                now_ms=self.network.now_ms,
                identity={"id": client.name},
            )
        )

    def disconnect(self, session_id: str) -> None:
        if self.live is not None and session_id in self.owners:
            self.owners.discard(session_id)
            self.run(self.live.disconnect(session_id, self.network.now_ms))

    def receive(self, session_id: str, message: DocMessage) -> None:
        if self.live is not None and session_id in self.owners:
            if isinstance(message, Update) and self.network.rng.random() < 0.5:
                # As in a reading round, which here ends with whatever comes next.
                if self.live.gather(session_id, message.update):
                    self.is_in_round = True
                    return
            self.end_round()
            if self.live is not None and session_id in self.owners:
                self.run(self.live.receive(session_id, message, self.network.now_ms))

    def end_round(self) -> None:
        if self.is_in_round and self.live is not None:
            self.is_in_round = False
            self.run(self.live.end_round(self.network.now_ms))

    def hear(self, message: bytes) -> None:
        self.end_round()
        if self.live is not None:
            self.run(self.live.receive_peer(message, self.network.now_ms))

    def tick(self) -> None:
        self.end_round()
        if self.live is not None:
            deadline = self.live.next_deadline()
            if deadline is not None and deadline <= self.network.now_ms:
                self.run(self.live.handle_deadline(self.network.now_ms))

    def commit(self) -> None:
        self.end_round()
        if self.live is None or not self.unsaved:
            return
        if self.network.log.refuses:
            self.run(self.live.commit_failed())
            return
        batch = self.unsaved[: self.network.rng.randrange(len(self.unsaved)) + 1]
        self.network.log.append(batch, self.network.now_ms)
        self.unsaved = self.unsaved[len(batch) :]
        if self.network.rng.random() < 0.05:
            # It dies with the commit done and nobody told.
            self.crash()
            return
        self.run(self.live.committed(batch[-1].token, self.network.now_ms))

    def crash(self) -> None:
        self.live, self.is_in_round = None, False
        self.unsaved = []
        for client in self.network.clients:
            if client.session in self.owners:
                self.network.disconnect(client)
        self.owners.clear()

    def close_if_idle(self) -> None:
        self.end_round()
        if self.live is not None and not self.owners and not self.unsaved:
            self.live = None

    def run(self, effects: Sequence[Effect]) -> None:
        network = self.network
        for effect in effects:
            if isinstance(effect, Send):
                self._down(effect.session_id, effect.frame)
            elif isinstance(effect, Broadcast):
                for session_id in effect.session_ids:
                    self._down(session_id, effect.frame)
            elif isinstance(effect, Persist):
                self.unsaved.append(effect)
            elif isinstance(effect, Publish):
                network.bus.append((network.now_ms, self.number, effect.message))
            elif isinstance(effect, Reject):
                raise AssertionError(f"an honest client was rejected: {effect}")

    def _down(self, session_id: str, frame: bytes) -> None:
        if session_id in self.network.down:
            self.network.down[session_id].append(frame)
