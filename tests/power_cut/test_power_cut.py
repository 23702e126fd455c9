"""The power fails while people write: what the hub had acknowledged by then is on the disk that is left.

The hub runs under a recorder of all it does in its data folder. Afterwards the folder is rebuilt as it could be after a
power cut at many moments, half of them just after somebody was told "stored", and read before any client comes back.

    HUB_TEST_POWER_CUTS=2000 .venv/bin/python -m pytest tests/power_cut -m slow     # more moments
"""

from __future__ import annotations

import asyncio
import filecmp
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pycrdt import Doc, Text

from storage import open_storage
from storage.ports import Storage, Unavailable
from storage.records import ContentId, TwinspaceId
from storage.snapshots import verify
from tests.hub.script import Script
from tests.hub.yjs_client import CollabClient
from tests.hub_process import HubProcess
from tests.interop.test_killed_hub import document_text
from tests.power_cut.disk import Disk
from tests.power_cut.recorder import Change, Kind, Recorder

pytestmark = pytest.mark.slow

CUTS = int(os.environ.get("HUB_TEST_POWER_CUTS", "40"))
SEED = 3
SPACE = "demo-rivers"
TWINSPACE = f"/api/v1/twinspaces/{SPACE}"
WRITERS = ("teacher.es", "teacher.pl", "pupil.es", "pupil.pl")
ROUNDS = 25
"""Edits and messages of each writer."""
LONGEST_EDIT = 60_000
"""Long enough, all together, that SQLite moves its log into the database file meanwhile."""
PATIENCE_S = 60


@dataclass
class Session:
    """What people were told, and how long the recorder's log was by then."""

    documents: list[str] = field(default_factory=list)
    edits: list[tuple[int, str]] = field(default_factory=list)
    messages: list[tuple[int, str]] = field(default_factory=list)
    snapshots: list[tuple[int, str]] = field(default_factory=list)
    secret: tuple[int, bytes] = (0, b"")

    def moments(self) -> list[int]:
        return sorted(at for told in (self.edits, self.messages, self.snapshots) for at, _ in told)


async def use(hub: HubProcess, recorder: Recorder, rounds: int) -> Session:
    """Four people write in two documents and in the chat, and one of them takes snapshots."""
    session = Session(secret=(recorder.now(), (hub.data_dir / "secret").read_bytes()))
    chance = random.Random(SEED)
    tokens = [await hub.token(name) for name in WRITERS]
    async with aiohttp.ClientSession() as http, AsyncExitStack() as sockets:
        scripts = [Script(hub, http, token) for token in tokens]
        for title in ("One", "Two"):
            made = await scripts[0].call("POST", f"{TWINSPACE}/contents", {"kind": "document", "title": title})
            session.documents.append(made["id"])

        async def edit(number: int, script: Script) -> None:
            content_id = session.documents[number % 2]
            socket = await sockets.enter_async_context(http.ws_connect(f"{hub.url}/collab"))
            client = CollabClient(socket, content_id, patience_s=PATIENCE_S)
            await client.sign_in(script.token)
            doc: Doc[Any] = Doc()
            text = doc.get("t", type=Text)
            for each in range(rounds):
                before = doc.get_state()
                word = f"<{number}.{each}>"
                text.insert(0, word + "x" * chance.randrange(LONGEST_EDIT))
                assert await client.update(doc.get_update(before))
                session.edits.append((recorder.now(), word))

        async def chat(number: int, script: Script) -> None:
            for each in range(rounds):
                said = {"client_message_id": f"{number}.{each}", "text": f"Line {number}.{each}"}
                await script.call("POST", f"{TWINSPACE}/messages", said)
                session.messages.append((recorder.now(), said["text"]))

        async def keep(script: Script) -> None:
            for each in range(3):
                taken = await script.call("POST", f"{TWINSPACE}/snapshots", {"title": f"Snapshot {each}"})
                session.snapshots.append((recorder.now(), taken["id"]))

        people: list[Coroutine[Any, Any, None]] = [keep(scripts[0])]
        for number, script in enumerate(scripts):
            people += [edit(number, script), chat(number, script)]
        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(person)
    return session


async def lost(folder: Path, session: Session, at: int) -> list[str]:
    """What is wrong with the disk that was cut off when the log was so long."""
    if session.secret[0] <= at and (folder / "secret").read_bytes() != session.secret[1]:
        return ["the secret of class cards"]
    try:
        with closing(sqlite3.connect(folder / "hub.sqlite3")) as database:
            damage = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            damage += [str(row) for row in database.execute("PRAGMA foreign_key_check")]
        storage = await open_storage(data_dir=folder)
    except (sqlite3.DatabaseError, Unavailable) as error:
        return [str(error)]
    try:
        return damage + await _missing(storage, session, at)
    except Unavailable as error:
        return [*damage, str(error)]
    finally:
        await storage.close()


async def _missing(storage: Storage, session: Session, at: int) -> list[str]:
    def told(of: list[tuple[int, str]]) -> list[str]:
        return [what for moment, what in of if moment <= at]

    loaded = [await storage.doc_log.load(ContentId(content_id)) for content_id in session.documents]
    text = "".join(document_text(stored) for stored in loaded if stored.entries or stored.state)
    said = {message.text for message in await storage.messages.since(TwinspaceId(SPACE), 0, 10_000)}
    kept = {snapshot.id for snapshot in await storage.snapshots.of_twinspace(TwinspaceId(SPACE))}
    missing = [f"{word} is there {text.count(word)} times" for word in told(session.edits) if text.count(word) != 1]
    missing += [message for message in told(session.messages) if message not in said]
    missing += [f"snapshot {taken}" for taken in told(session.snapshots) if taken not in kept]
    return missing + [f"{damage.path}: {damage.reason}" for damage in (await verify(storage)).damages]


@asynccontextmanager
async def recorded(place: Path, rounds: int, *command: str) -> AsyncIterator[tuple[Recorder, Session]]:
    """A hub that was used and has stopped, and what was told to whom."""
    recorder = Recorder(place / "data", place)
    async with HubProcess(place / "data", command=(sys.executable, "-m", *command), **recorder.environment) as hub:
        session = await use(hub, recorder, rounds)
    yield recorder, session


async def cut(
    changes: Sequence[Change], moments: set[int], place: Path, session: Session, enough: Callable[[list[str]], bool]
) -> list[str]:
    """Cut the power at these moments, until enough was found to be lost."""
    disk, chance, found = Disk(), random.Random(SEED), list[str]()
    left = place / "left"
    for change in changes:
        disk.note(change)
        if change.end in moments:
            disk.write_after_power_cut(left, chance)
            found += [f"cut at {change.end}: {what}" for what in await lost(left, session, change.end)]
            shutil.rmtree(left)
            if enough(found):
                break
    return found


def choose(changes: Sequence[Change], session: Session) -> set[int]:
    """Half of them just after an acknowledgement, the others anywhere, the hub's first start included."""
    chance = random.Random(SEED)
    told = session.moments()
    after_told = chance.sample(told, min(CUTS // 2, len(told)))
    return {*after_told, *(change.end for change in chance.sample(changes, min(CUTS // 2, len(changes))))}


@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_in_a_power_cut(tmp_path: Path) -> None:
    async with recorded(tmp_path, ROUNDS, "hub") as (recorder, session):
        changes = list(recorder.changes())
        _is_whole(changes, tmp_path)
        found = await cut(changes, choose(changes, session), tmp_path, session, bool)
    assert found == []


@pytest.mark.timeout(300)
async def test_a_hub_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    async with recorded(tmp_path, 3, "tests.power_cut.careless_hub") as (recorder, session):
        changes = list(recorder.changes())
        found = await cut(changes, set(session.moments()[-5:]), tmp_path, session, bool)
    assert found != []


def _is_whole(changes: Sequence[Change], place: Path) -> None:
    """The recorder has missed nothing: with all that was written the folder is as the hub left it."""
    disk = Disk()
    for change in changes:
        disk.note(change)
    disk.write_now(place / "all")
    real = {path.relative_to(place / "data") for path in (place / "data").rglob("*")}
    assert real == {path.relative_to(place / "all") for path in (place / "all").rglob("*")}
    for path in real:
        if (place / "data" / path).is_file():
            assert filecmp.cmp(place / "data" / path, place / "all" / path, shallow=False), path
    names = {change.inode: change.path for change in changes if change.kind is Kind.CREATE}
    written = {names[change.inode] for change in changes if change.kind is Kind.WRITE}
    assert {"hub.sqlite3", "hub.sqlite3-wal"} <= written, "the session is too short for the database file to be written"
