"""A hub of two processes, its log and a class of clients, in one thread and on one clock, driven by a seed.

Everything that can happen to a message happens: it is late, it is lost with its connection, the bus drops it, storage
refuses it, and a process dies between a broadcast and its commit. Clients read too slowly, and lose and regain the
right to write; the hub writes too, and answers are taken in slices. Clients are pycrdt documents behind the rules a Yjs
client follows.
"""

from __future__ import annotations

import random
import string
from collections import deque
from collections.abc import Callable

from crdt_docs.compaction import merge
from crdt_docs.encoding import Reader
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.messages import AwarenessUpdate, DocMessage, SyncStep1, SyncStep2, Update
from tests.simulation.client import Client, make_client
from tests.simulation.durable_log import Log
from tests.simulation.process import Process

FILLER = "-"
LETTERS = string.ascii_letters + string.digits
"""Each is typed once, by one client. ASCII, since the engine's Python face counts places in bytes."""
PREFIX = HocuspocusCodec("doc").prefix


class Network:
    def __init__(self, seed: int, *, processes: int = 2, clients: int = 3) -> None:
        self.rng = random.Random(seed)
        self.now_ms = 0.0
        self.log = Log()
        self.processes: list[Process] = [Process(self, i) for i in range(processes)]
        self.clients = [make_client(i) for i in range(clients)]
        self.letters = 0
        self.bus: list[tuple[float, int, bytes]] = []
        self.up: dict[str, deque[DocMessage]] = {}
        self.down: dict[str, deque[bytes]] = {}
        self.sessions = 0
        self.has_healed = False
        self.acknowledged_edits: set[str] = set()
        self.carried: dict[DocMessage, set[str]] = {}
        """The letters in messages with updates."""
        self.given: set[str] = set()
        """Letters that a process took from somebody who might write."""

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
            letter = self._letter()
            client.typed.add(letter)
            client.unsaved.add(letter)
        client.text.insert(start, letter)
        self._say(client, client.outgoing[-1])

    def _letter(self) -> str:
        self.letters += 1
        return LETTERS[self.letters - 1]

    def _say(self, client: Client, update: bytes) -> None:
        self._send(client, Update(update))

    def _send(self, client: Client, message: Update | SyncStep2) -> None:
        if client.session is not None:
            self.carried[message] = set(str(client.text)) | client.typed
            self.up[client.session].append(message)
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
            self._send(client, SyncStep2(whole))
            client.has_returned = True
        elif body[:2] in (b"\x00\x01", b"\x00\x02"):
            client.integrate(Reader(body[2:]).read_bytes(1 << 24))
        elif body[:1] == b"\x01" and client.seen.hear(Reader(body[1:]).read_bytes(1 << 24)):
            self.move(client)

    # What the network does

    def deliver_up(self, client: Client) -> None:
        session = client.session
        if session is None or any(process.take_slice(session) for process in self.processes):
            return
        if self.up[session]:
            message = self.up[session].popleft()
            if client.may_write:
                self.given |= self.carried.get(message, set())
            for process in self.processes:
                process.receive(session, message)

    def deliver_down(self, client: Client) -> None:
        if client.session is not None and self.down[client.session]:
            self.hear(client, self.down[client.session].popleft())

    def deliver_bus(self) -> None:
        """Redis keeps the order of one channel; a message may be lost with a connection, which the process notices."""
        if self.bus:
            _, sender, message = self.bus.pop(0)
            for process in self.processes:
                if process.number == sender or process.has_missed:
                    continue
                if self.has_healed or self.rng.random() > 0.05:
                    process.hear(message)
                else:
                    process.has_missed = True

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
            (2, lambda: process.edit(self._letter()) if self.letters < len(LETTERS) else None),
            (8, lambda: process.catch_up(client.session)),
            (8, process.return_to_bus),
            (1, lambda: self.set_role(client, not client.may_write)),
        ]
        self.rng.choices([action for _, action in actions], [weight for weight, _ in actions])[0]()

    def set_role(self, client: Client, may_write: bool) -> None:
        client.may_write = may_write
        client.was_reader |= not may_write
        for process in self.processes:
            if client.session is not None:
                process.set_can_write(client.session, may_write)

    def settle(self) -> None:
        """The network heals and everybody stays: afterwards all must be the same everywhere."""
        self.log.refuses = False
        self.has_healed = True
        for process in self.processes:
            process.return_to_bus()
        for client in self.clients:
            self.set_role(client, True)
            for process in self.processes:
                process.catch_up(client.session)
            # Of what was refused meanwhile a client only speaks again when it opens the document again.
            if client.was_reader:
                self.disconnect(client)
            if client.session is None:
                self.connect(client, self.rng.choice(self.processes))
        for _ in range(400):
            self.now_ms += 50
            for client in self.clients:
                self.renew(client)
                while client.session is not None and self._is_busy(client.session):
                    self.deliver_up(client)
                    self.deliver_down(client)
                if client.session is None:
                    self.connect(client, self.rng.choice(self.processes))
            while self.bus:
                self.deliver_bus()
            for process in self.processes:
                # One that died comes back, and tells the others what it had stored and told nobody.
                process.open()
                process.tick()
                process.commit()

    def _is_busy(self, session: str) -> bool:
        slices = any(process.slices.get(session) for process in self.processes)
        return slices or bool(self.up[session] or self.down[session])

    def check_authors(self) -> None:
        """Every text is known to be its writer's; whoever only brought it, after a crash say, is told apart."""
        found = self.log.authorship()
        assert "".join(run.text for run in found.runs) == self.log.text()
        for run in found.runs:
            assert self.acknowledged_edits.isdisjoint(run.text) or run.client_of is None, run
            for client in self.clients:
                typed = client.typed.intersection(run.text)
                assert not typed or run.client_of == client.name, (run, client.name)
        for client_id, user_id in self.log.writers.items():
            names = [client.name for client in self.clients if client.client_id == client_id]
            assert names == ([] if user_id is None else [user_id])

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
        """Acknowledged means on disk, at any moment and whatever runs; and nothing is there that was only refused."""
        text = self.log.text()
        lost = [letter for letter in self.acknowledged_edits if letter not in text]
        assert not lost, f"the hub was told that {lost} is saved"
        for client in self.clients:
            lost = [letter for letter in client.acknowledged if letter not in text]
            assert not lost, f"{client.name} was told that {lost} is saved"
            assert self.given.issuperset(client.typed.intersection(text)), f"{client.name} might not write"
