"""A hub process of the simulated network: a keeper of one LiveDoc that can die at any moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pycrdt

from crdt_docs.effects import Broadcast, Effect, Persist, Publish, Reject, Send
from crdt_docs.encoding import decode_state_vector
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import DocMessage, SyncStep2, Update
from crdt_docs.probe import answer, check_request, read_checked
from crdt_docs.slices import Slice, slices
from tests.simulation.client import Client
from tests.simulation.durable_log import LIMITS

if TYPE_CHECKING:
    from tests.simulation.hub_network import Network

SLICE_STRUCTS = 3


class Process:
    def __init__(self, network: Network, number: int) -> None:
        self.network = network
        self.number = number
        self.live: LiveDoc | None = None
        self.unsaved: list[Persist] = []
        self.generation = 0
        self.owners: set[str] = set()
        self.is_in_round = False
        self.behind: set[str] = set()
        """Sessions that read too slowly: they miss broadcasts until they are brought up to date."""
        self.slices: dict[str, deque[Slice]] = {}
        """What is still to be taken of a session's answer; nothing else of it is taken before."""
        self.has_missed = False
        """The bus lost something that was for this process, and it was told so."""
        self.edits: dict[str, int] = {}
        """Letters that the hub itself wrote and nobody was told of yet, with the token of each."""

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
                can_write=client.may_write,
                now_ms=self.network.now_ms,
                identity={"id": client.name},
            )
        )

    def disconnect(self, session_id: str) -> None:
        if self.live is not None and session_id in self.owners:
            self.owners.discard(session_id)
            self.behind.discard(session_id)
            self.slices.pop(session_id, None)
            self.run(self.live.disconnect(session_id, self.network.now_ms))

    def receive(self, session_id: str, message: DocMessage) -> None:
        if self.live is not None and session_id in self.owners:
            if isinstance(message, Update) and self.network.rng.random() < 0.5:
                # As in a reading round, which here ends with whatever comes next.
                if self.live.gather(session_id, message.update):
                    self.is_in_round = True
                    return
            self.end_round()
            if self.live is None or session_id not in self.owners:
                return
            if isinstance(message, SyncStep2) and self._cut(session_id, message.update):
                self.take_slice(session_id)
            else:
                self.run(self.live.receive(session_id, message, self.network.now_ms))

    def _cut(self, session_id: str, update: bytes) -> bool:
        """As a large answer is, after it was tried on a copy: all that can be cut is large here, now and then."""
        if self.live is None or self.network.rng.random() < 0.5:
            return False
        header, depths, cut = read_checked(answer(check_request(self.live.state(), update), LIMITS))
        clocks = decode_state_vector(pycrdt.get_state(self.live.state()))
        cut = cut or slices(update, clocks, LIMITS, SLICE_STRUCTS)
        if cut:
            self.live.was_tried(update, header, depths)
            self.slices[session_id] = deque(cut)
        return bool(cut)

    def take_slice(self, session_id: str) -> bool:
        """Whether there was one."""
        waiting = self.slices.get(session_id)
        if not waiting or self.live is None:
            return False
        self.end_round()
        update, header = waiting.popleft()
        self.live.was_tried(update, header, {})
        self.run(self.live.receive(session_id, SyncStep2(update, more_follows=bool(waiting)), self.network.now_ms))
        return True

    def set_can_write(self, session_id: str, can_write: bool) -> None:
        self.end_round()
        if self.live is not None and session_id in self.owners:
            self.run(self.live.set_can_write(session_id, can_write))

    def edit(self, letter: str) -> None:
        """The hub itself writes."""
        self.end_round()
        if self.live is None:
            return

        def write(doc: pycrdt.Doc[Any]) -> None:
            text = doc.get("t", type=pycrdt.Text)
            text.insert(self.network.rng.randrange(len(str(text)) + 1), letter)

        _, token, effects = self.live.edit(write, user_id=None, now_ms=self.network.now_ms)
        self.edits[letter] = token
        self.run(effects)

    def catch_up(self, session_id: str | None) -> None:
        self.end_round()
        if self.live is not None and session_id is not None and session_id in self.behind:
            self.behind.discard(session_id)
            self.run(self.live.resync(session_id, self.network.now_ms))

    def end_round(self) -> None:
        if self.is_in_round and self.live is not None:
            self.is_in_round = False
            self.run(self.live.end_round(self.network.now_ms))

    def hear(self, message: bytes) -> None:
        self.end_round()
        if self.live is not None:
            self.run(self.live.receive_peer(message, self.network.now_ms))

    def return_to_bus(self) -> None:
        self.end_round()
        if self.live is not None and self.has_missed:
            log = self.network.log
            self.run(self.live.ask_peers())
            self.run(self.live.receive_stored(log.state, log.updates, log.writers, self.network.now_ms))
        self.has_missed = False

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
        token = batch[-1].token
        self.network.acknowledged_edits |= {letter for letter, its in self.edits.items() if its <= token}
        self.edits = {letter: its for letter, its in self.edits.items() if its > token}
        self.run(self.live.committed(token, self.network.now_ms))

    def crash(self) -> None:
        self.live, self.is_in_round = None, False
        self.unsaved, self.edits = [], {}
        for client in self.network.clients:
            if client.session in self.owners:
                self.network.disconnect(client)
        self.owners.clear()
        self.behind.clear()
        self.slices.clear()

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
                    if not network.has_healed and network.rng.random() < 0.02:
                        self.behind.add(session_id)
                    if session_id not in self.behind:
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
