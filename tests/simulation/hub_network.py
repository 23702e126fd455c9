"""A hub of two processes, its log and a class of clients, in one thread and on one clock, driven by a seed.

Everything that can happen to a message happens: it is late, it is lost with its connection, the bus drops it, storage
refuses it, and a process dies between a broadcast and its commit. Clients are pycrdt documents behind the rules a Yjs
client follows.
"""

from __future__ import annotations

import random
import string
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, Text

from crdt_docs.authorship import Authorship, Entry, authorship, continue_history
from crdt_docs.compaction import compact, continue_log, merge
from crdt_docs.effects import Broadcast, Effect, Persist, Publish, Reject, Send
from crdt_docs.encoding import Reader
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import AwarenessUpdate, DocMessage, SyncStep1, SyncStep2, Update
from crdt_docs.update_header import EMPTY_UPDATE
from tests.simulation.client_awareness import ClientAwareness

LIMITS = Limits(
    tick_ms=20.0, resync_interval_ms=2_000.0, awareness_timeout_ms=3_000.0, awareness_per_s=5.0, awareness_burst=3.0
)
FILLER = "-"
LETTERS = string.ascii_letters + string.digits
"""Each is typed once, by one client. ASCII, since the engine's Python face counts places in bytes."""
PREFIX = HocuspocusCodec("doc").prefix


class Log:
    """What survives a crash."""

    def __init__(self) -> None:
        self.state: bytes | None = None
        self.entries: list[Entry] = []
        self.history: bytes | None = None
        self.writers: dict[int, str | None] = {}
        self.refuses = False

    @property
    def updates(self) -> list[bytes]:
        return [entry.update for entry in self.entries]

    def append(self, batch: Sequence[Persist], at_ms: float) -> None:
        self.entries += [Entry(effect.update, effect.user_id, int(at_ms)) for effect in batch]
        for effect in batch:
            self.writers = {**effect.writers, **self.writers}

    def compact(self) -> None:
        state = compact(self.state, self.updates, LIMITS)
        if state is not None:
            self.history = continue_history(self.history, self.entries, LIMITS).encode()
            self.state, self.entries = state, []

    def text(self) -> str:
        doc: Doc[Any] = Doc()
        doc.apply_update(continue_log(self.state, self.updates, LIMITS).state)
        return str(doc.get("t", type=Text))

    def authorship(self) -> Authorship:
        state = continue_log(self.state, self.updates, LIMITS).state
        return authorship(state, self.history, self.entries, self.writers, LIMITS)


@dataclass
class Client:
    """Integrates as Yjs does: what can't be integrated yet waits, merged, for what comes."""

    name: str
    client_id: int
    doc: Doc[Any]
    text: Text
    seen: ClientAwareness
    session: str | None = None
    waiting: list[bytes] = field(default_factory=list)
    has_returned: bool = False
    """It has answered the hub's step 1 on this connection; before, what was written while away is not on its way."""
    unacknowledged: int = 0
    """Frames the hub owes a SyncStatus. As in the stock provider, only zero says that everything is saved."""
    typed: set[str] = field(default_factory=set)
    unsaved: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    outgoing: list[bytes] = field(default_factory=list)


class Network:
    def __init__(self, seed: int, *, processes: int = 2, clients: int = 3) -> None:
        self.rng = random.Random(seed)
        self.now_ms = 0.0
        self.log = Log()
        self.processes: list[Process] = [Process(self, i) for i in range(processes)]
        self.clients = [self._client(i) for i in range(clients)]
        self.letters = 0
        self.bus: list[tuple[float, int, bytes]] = []
        self.up: dict[str, deque[DocMessage]] = {}
        self.down: dict[str, deque[bytes]] = {}
        self.sessions = 0
        self.has_healed = False

    def _client(self, number: int) -> Client:
        doc: Doc[Any] = Doc(client_id=100 + number)
        name = f"client{number}"
        seen = ClientAwareness(100 + number, name, LIMITS)
        client = Client(name, 100 + number, doc, doc.get("t", type=Text), seen)
        doc.observe(lambda event: client.outgoing.append(event.update))
        return client

    # What clients do

    def connect(self, client: Client, process: Process) -> None:
        self.sessions += 1
        client.has_returned = False
        client.session = f"{client.name}/{self.sessions}"
        client.unacknowledged = 0
        self.up[client.session], self.down[client.session] = deque(), deque()
        process.connect(client)
        client.seen.others.clear()
        self.up[client.session].append(SyncStep1(client.doc.get_state()))
        # A stock provider says at once who is there; an editor that is slow to load says so later.
        if self.rng.random() < 0.5:
            self.up[client.session].append(AwarenessUpdate(client.seen.say()))

    def disconnect(self, client: Client) -> None:
        if client.session is not None:
            del self.up[client.session], self.down[client.session]
            for process in self.processes:
                process.disconnect(client.session)
            client.session = None

    def move(self, client: Client) -> None:
        word = client.seen.move(self.rng.randrange(1_000), self.now_ms)
        if client.session is not None:
            self.up[client.session].append(AwarenessUpdate(word))

    def renew(self, client: Client) -> None:
        if client.seen.must_renew(self.now_ms):
            self.move(client)

    def type(self, client: Client) -> None:
        client.outgoing.clear()
        text = str(client.text)
        start = self.rng.randrange(len(text) + 1)
        if text[start : start + 1] == FILLER and self.rng.random() < 0.5:
            # Only filler is ever deleted, so that "acknowledged is there" stays a plain question.
            del client.text[start : start + 1]
            self._say(client, client.outgoing[-1])
            return
        letter = FILLER
        if self.rng.random() < 0.7 and self.letters < len(LETTERS):
            letter = LETTERS[self.letters]
            self.letters += 1
            client.typed.add(letter)
            client.unsaved.add(letter)
        client.text.insert(start, letter)
        self._say(client, client.outgoing[-1])

    def _say(self, client: Client, update: bytes) -> None:
        if client.session is not None:
            self.up[client.session].append(Update(update))
            client.unacknowledged += 1

    def hear(self, client: Client, frame: bytes) -> None:
        body = frame[len(PREFIX) :]
        if body == b"\x08\x01":
            client.unacknowledged -= 1
            if client.unacknowledged == 0 and client.has_returned:
                client.acknowledged |= client.unsaved
                client.unsaved.clear()
        elif body[:2] == b"\x00\x00":
            missing = client.doc.get_update(Reader(body[2:]).read_bytes(1 << 24))
            whole = merge([missing, *client.waiting]) if client.waiting else missing
            assert client.session is not None
            self.up[client.session].append(SyncStep2(whole))
            client.unacknowledged += 1
            client.has_returned = True
        elif body[:2] in (b"\x00\x01", b"\x00\x02"):
            self._integrate(client, Reader(body[2:]).read_bytes(1 << 24))
        elif body[:1] == b"\x01" and client.seen.hear(Reader(body[1:]).read_bytes(1 << 24)):
            self.move(client)

    def _integrate(self, client: Client, update: bytes) -> None:
        if update == EMPTY_UPDATE:
            return
        before = client.doc.get_state()
        known = continue_log(client.doc.get_update(), [*client.waiting, update], LIMITS)
        ready = pycrdt_missing(known.state, before)
        client.waiting = known.aside
        if ready != EMPTY_UPDATE:
            client.doc.apply_update(ready)
        client.outgoing.clear()

    # What the network does

    def deliver_up(self, client: Client) -> None:
        if client.session is not None and self.up[client.session]:
            message = self.up[client.session].popleft()
            for process in self.processes:
                process.receive(client.session, message)

    def deliver_down(self, client: Client) -> None:
        if client.session is not None and self.down[client.session]:
            self.hear(client, self.down[client.session].popleft())

    def deliver_bus(self) -> None:
        """Redis keeps the order of one channel; a message may still be lost with a connection."""
        if self.bus:
            _, sender, message = self.bus.pop(0)
            for process in self.processes:
                if process.number != sender and (self.has_healed or self.rng.random() > 0.05):
                    process.hear(message)

    def step(self) -> None:
        self.now_ms += self.rng.random() * 15
        client, process = self.rng.choice(self.clients), self.rng.choice(self.processes)
        self.renew(client)
        actions: list[tuple[int, Callable[[], None]]] = [
            (30, lambda: self.type(client)),
            (6, lambda: self.move(client)),
            (60, lambda: self.deliver_up(client)),
            (60, lambda: self.deliver_down(client)),
            (25, self.deliver_bus),
            (30, process.tick),
            (20, process.commit),
            (2, process.crash),
            (3, lambda: self.disconnect(client)),
            (10, lambda: self.connect(client, process) if client.session is None else None),
            (2, self.log.compact),
            (2, lambda: setattr(self.log, "refuses", not self.log.refuses)),
            (1, lambda: process.close_if_idle()),
        ]
        self.rng.choices([action for _, action in actions], [weight for weight, _ in actions])[0]()

    def settle(self) -> None:
        """The network heals and everybody stays: afterwards all must be the same everywhere."""
        self.log.refuses = False
        self.has_healed = True
        for client in self.clients:
            if client.session is None:
                self.connect(client, self.rng.choice(self.processes))
        for _ in range(400):
            self.now_ms += 50
            for client in self.clients:
                self.renew(client)
                while client.session is not None and (self.up[client.session] or self.down[client.session]):
                    self.deliver_up(client)
                    self.deliver_down(client)
                if client.session is None:
                    self.connect(client, self.rng.choice(self.processes))
            while self.bus:
                self.deliver_bus()
            for process in self.processes:
                process.tick()
                process.commit()

    def check_authors(self) -> None:
        """Every text is known to be its writer's; whoever only brought it, after a crash say, is told apart."""
        found = self.log.authorship()
        assert "".join(run.text for run in found.runs) == self.log.text()
        for run in found.runs:
            for client in self.clients:
                typed = client.typed.intersection(run.text)
                assert not typed or run.client_of == client.name, (run, client.name)
        for client_id, user_id in self.log.writers.items():
            assert [client.name for client in self.clients if client.client_id == client_id] == [user_id]

    def check_seen(self) -> None:
        """Once all is quiet everybody sees everybody else once, where they are now, under the hub's name for them."""
        for client in self.clients:
            others = {other.client_id: other for other in self.clients if other is not client}
            present = client.seen.present()
            assert present.keys() == others.keys(), f"{client.name} sees {sorted(present)}"
            for client_id, state in present.items():
                shown, other = state["user"], others[client_id]
                assert (shown["id"], shown["colour"]) == (other.name, other.name)
                assert state["cursor"] == other.seen.cursor or self.now_ms - other.seen.said_at_ms < 500

    def check_disk(self) -> None:
        """Acknowledged means on disk, at any moment and whatever runs."""
        text = self.log.text()
        for client in self.clients:
            lost = [letter for letter in client.acknowledged if letter not in text]
            assert not lost, f"{client.name} was told that {lost} is saved"


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


def pycrdt_missing(update: bytes, state_vector: bytes) -> bytes:
    """The part of an update that a document with this state vector lacks."""
    doc: Doc[Any] = Doc()
    doc.apply_update(update)
    return doc.get_update(state_vector)
