"""The contract of retention over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import NotFound
from storage.records import ErasureJob, ErasureJobId, Login, LoginId, Member, Recording, RecordingId, Ticket, UserId
from tests.storage.people import ANA, LUCIA, ROOM, SPACE, settle
from tests.storage.test_gate import CARD, WALL, decide, with_wall


async def close(storage: Storage, at_ms: int) -> None:
    phases = storage.phases
    await phases.move(SPACE.id, former="during", phase="closed", moved_by=ANA.id, missing=[], at_ms=at_ms)


async def test_one_process_does_the_days_job(storage: Storage) -> None:
    claims = await asyncio.gather(
        *(storage.retention.claim("job", "2026-11-23") for _ in range(4)), return_exceptions=True
    )
    assert [each for each in claims if each is True] == [True]
    assert not await storage.retention.claim("job", "2026-11-23")
    assert await storage.retention.claim("other", "2026-11-23")
    assert await storage.retention.claim("job", "2026-11-24")
    # A clock that was set back does not make it run again.
    assert not await storage.retention.claim("job", "2026-11-23")


async def test_logins_and_tickets_go_once_they_are_over(storage: Storage) -> None:
    await settle(storage)
    login = Login(LoginId("old"), ANA.id, "browser", b"1", 1, 10)
    await storage.logins.add(login)
    await storage.logins.add(replace(login, id=LoginId("revoked"), secret_hash=b"2", expires_at_ms=99, revoked_at_ms=5))
    await storage.logins.add(replace(login, id=LoginId("new"), secret_hash=b"3", expires_at_ms=99))
    await storage.proofs.add_ticket(Ticket(b"t", "confirm_email", ANA.id, 1, 10))
    for kind, count in (("logins", 2), ("tickets", 1), ("challenges", 0), ("notices", 0), ("deliveries", 0)):
        assert await storage.retention.forget(kind, 10, dry_run=True) == (1 if kind == "logins" else 0)  # type: ignore[arg-type]
        assert await storage.retention.forget(kind, 11, dry_run=True) == count  # type: ignore[arg-type]
        assert await storage.retention.forget(kind, 11) == count  # type: ignore[arg-type]
    assert [each.id for each in await storage.logins.of_user(ANA.id)] == ["new"]


async def test_chat_is_emptied_once_the_project_was_closed_long_enough(storage: Storage) -> None:
    await settle(storage)
    await storage.messages.append(SPACE.id, client_message_id="1", user_id=ANA.id, text="Hello", at_ms=1)
    assert await storage.retention.forget("messages", 1_000) == 0
    await close(storage, 50)
    assert await storage.retention.forget("messages", 50) == 0
    assert await storage.retention.forget("messages", 51, dry_run=True) == 1
    assert await storage.retention.forget("messages", 51) == 1 and await storage.retention.forget("messages", 51) == 0
    (message,) = await storage.messages.since(SPACE.id, 0, 9)
    assert (message.seq, message.text) == (1, "")


async def test_pupils_go_a_while_after_their_last_project(storage: Storage) -> None:
    await settle(storage)
    over = storage.retention.over
    await storage.twinspaces.add_member(Member(SPACE.id, LUCIA.id, "pupil", 1, 5))
    assert await over("pupils", 1_000) == []
    await close(storage, 50)
    assert await over("pupils", 50) == [] and await over("pupils", 51) == [LUCIA.id]
    await storage.logins.add(Login(LoginId("l"), LUCIA.id, "browser", b"1", 70, 99))
    assert await over("pupils", 60) == [] and await over("pupils", 71) == [LUCIA.id]
    await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=False)
    assert await over("pupils", 1_000) == []


async def test_registrations_recordings_and_consents(storage: Storage) -> None:
    await settle(storage)
    nobody = replace(ANA, id=UserId("nobody"), name="nobody", state="unconfirmed", created_at_ms=10)
    await storage.users.add_user(nobody)
    recording = Recording(RecordingId("r"), SPACE.id, ROOM.id, ANA.id, 5, 10, "stopped", [])
    await storage.recordings.add(recording)
    for kind, found in (("registrations", "nobody"), ("recordings", "r")):
        assert await storage.retention.over(kind, 10) == []  # type: ignore[arg-type]
        assert await storage.retention.over(kind, 11) == [found]  # type: ignore[arg-type]
    await storage.consents.record(
        [LUCIA.id],
        ["recording"],
        granted=True,
        given_by="guardian",
        how="paper",
        given_on="2026-09-01",
        until_ms=None,
        own_age=14,
        recorded_by=ANA.id,
        at_ms=10,
    )
    assert await storage.retention.forget("consents", 11) == 0
    await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=True)
    assert await storage.retention.forget("consents", 10) == 0 and await storage.retention.forget("consents", 11) == 1


async def test_what_was_refused_goes_and_what_waits_goes_with_its_project(storage: Storage) -> None:
    await with_wall(storage)
    gate, forget = storage.gate, storage.retention.forget
    refused = await gate.hold(CARD)
    await decide(storage, refused, 1, "refused", "Too dark")
    waits = await gate.hold(replace(CARD, id="d", card_id="d"))
    on_its_way = await gate.hold(replace(CARD, id="e", card_id="e"))
    on_its_way = await decide(storage, on_its_way, 1)
    assert await forget("held_changes", 20) == 0 and await forget("held_changes", 21, dry_run=True) == 1
    assert await forget("held_changes", 21) == 1 and await forget("held_changes", 1_000) == 0
    assert await gate.of_content(WALL.id) == [waits, on_its_way]
    await close(storage, 50)
    assert await forget("held_changes", 50) == 0 and await forget("held_changes", 51) == 1
    assert await gate.of_content(WALL.id) == [on_its_way]


async def test_an_erasure_is_forgotten_once_it_was_done_long_enough(storage: Storage) -> None:
    await settle(storage)
    erasure, forget = storage.erasure, storage.retention.forget
    for name in ("done", "waiting"):
        await erasure.add_job(ErasureJob(ErasureJobId(name), LUCIA.id, name == "done", ANA.id, 1))
    await erasure.finish_job(ErasureJobId("done"), 10)
    assert await forget("erasure_jobs", 10) == 0 and await forget("erasure_jobs", 11, dry_run=True) == 1
    assert await forget("erasure_jobs", 11) == 1 and await forget("erasure_jobs", 1_000) == 0
    with pytest.raises(NotFound):
        await erasure.get_job(ErasureJobId("done"))
    assert (await erasure.get_job(ErasureJobId("waiting"))).state == "waiting"


@pytest.mark.parametrize("kind", ["guests"])
async def test_nobody_is_over_where_nobody_is(storage: Storage, kind: str) -> None:
    await settle(storage)
    assert await storage.retention.over(kind, 1_000) == []  # type: ignore[arg-type]
