"""The contract of foundings, phases and consents, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    Consent,
    Founding,
    KeptAgreement,
    Member,
    Purpose,
    Reopening,
    Signature,
    Twinspace,
    TwinspaceId,
    UserId,
)
from tests.storage.people import ANA, DOCUMENT, LUCIA, PROJECT, SCHOOL, SPACE, settle

ABSENT = TwinspaceId("absent")
FOUNDING = Founding(
    SPACE.id,
    DOCUMENT.id,
    ANA.id,
    LUCIA.id,
    "Breads of Europe",
    "ka2",
    "lower_secondary",
    ("Cooking", "Język polski"),
    ("es", "pl"),
    "2026-09-01",
    "2027-06-30",
    9,
)


async def found(storage: Storage) -> None:
    await settle(storage)
    await storage.foundings.add(FOUNDING)


async def test_a_founding_is_kept_found_and_changed(storage: Storage) -> None:
    await found(storage)
    assert await storage.foundings.get(SPACE.id) == FOUNDING
    assert await storage.foundings.of_user(ANA.id) == [FOUNDING] == await storage.foundings.of_user(LUCIA.id)
    assert await storage.foundings.of_user(UserId("nobody")) == []
    changed = replace(FOUNDING, title="Breads", subjects=(), stage="primary")
    await storage.foundings.change(replace(changed, partner_id=ANA.id, proposed_at_ms=99))
    assert await storage.foundings.get(SPACE.id) == changed
    with pytest.raises(Conflict):
        await storage.foundings.add(FOUNDING)
    with pytest.raises(NotFound):
        await storage.foundings.change(replace(FOUNDING, twinspace_id=ABSENT))
    with pytest.raises(NotFound):
        await storage.foundings.add(replace(FOUNDING, twinspace_id=ABSENT))
    with pytest.raises(ValueError):
        await storage.foundings.change(replace(FOUNDING, subjects=("a\0b",)))


async def test_only_what_is_not_open_waits(storage: Storage) -> None:
    await found(storage)
    assert await storage.foundings.unopened() == []
    unopened = Twinspace(TwinspaceId("unopened"), PROJECT.id, "Soon", "", 9, "founding")
    await storage.twinspaces.add(unopened)
    assert await storage.twinspaces.get(unopened.id) == unopened
    await storage.foundings.add(replace(FOUNDING, twinspace_id=unopened.id))
    assert [each.twinspace_id for each in await storage.foundings.unopened()] == [unopened.id]


async def test_a_signature_stands_for_one_text(storage: Storage) -> None:
    await found(storage)
    first = Signature(SPACE.id, ANA.id, "text-1", 10)
    assert await storage.foundings.sign(first)
    assert not await storage.foundings.sign(replace(first, signed_at_ms=99))
    assert await storage.foundings.sign(Signature(SPACE.id, LUCIA.id, "text-1", 11))
    assert await storage.foundings.sign(Signature(SPACE.id, ANA.id, "text-2", 12))
    signed = [(each.user_id, each.agreement) for each in await storage.foundings.signatures(SPACE.id)]
    assert signed == [(ANA.id, "text-1"), (LUCIA.id, "text-1"), (ANA.id, "text-2")]
    with pytest.raises(NotFound):
        await storage.foundings.sign(replace(first, twinspace_id=ABSENT))


async def test_the_same_founder_signing_twice_at_once_signs_once(storage: Storage) -> None:
    await found(storage)
    new = await asyncio.gather(
        *(storage.foundings.sign(Signature(SPACE.id, ANA.id, "text", at_ms)) for at_ms in range(5))
    )
    assert sorted(new) == [False] * 4 + [True]
    assert len(await storage.foundings.signatures(SPACE.id)) == 1


async def test_verdicts_are_added(storage: Storage) -> None:
    await found(storage)
    about = {"agreement": "text", "country": "ES", "decided_by": ANA.id, "at_ms": 10}
    refused = await storage.foundings.decide(SPACE.id, approved=False, reason="Dates", **about)  # type: ignore[arg-type]
    approved = await storage.foundings.decide(SPACE.id, approved=True, reason="", **about)  # type: ignore[arg-type]
    assert (refused.seq, approved.seq) == (1, 2)
    assert await storage.foundings.verdicts(SPACE.id) == [refused, approved]
    with pytest.raises(NotFound):
        await storage.foundings.decide(ABSENT, approved=True, reason="", **about)  # type: ignore[arg-type]


async def test_a_move_sets_the_phase_and_ends_what_stands(storage: Storage) -> None:
    await settle(storage)
    await storage.twinspaces.add_member(Member(SPACE.id, LUCIA.id, "pupil", 7, 9))
    await storage.phases.ask_reopening(Reopening(SPACE.id, ANA.id, SCHOOL.id, 9))
    move = await storage.phases.move(
        SPACE.id, former="during", phase="after", moved_by=ANA.id, missing=["pupils"], at_ms=10
    )
    assert (await storage.twinspaces.get(SPACE.id)).phase == "after"
    assert (move.seq, move.former, move.phase, move.missing) == (1, "during", "after", ("pupils",))
    epochs = {member.user_id: member.epoch for member in await storage.twinspaces.members(SPACE.id)}
    assert epochs == {ANA.id: 2, LUCIA.id: 8}
    assert await storage.phases.moves(SPACE.id) == [move]
    assert await storage.phases.reopenings(SPACE.id) == []
    with pytest.raises(Conflict, match="after"):
        await storage.phases.move(SPACE.id, former="during", phase="after", moved_by=ANA.id, missing=[], at_ms=11)
    with pytest.raises(NotFound):
        await storage.phases.move(ABSENT, former="during", phase="after", moved_by=ANA.id, missing=[], at_ms=11)


async def test_of_two_moves_at_once_one_wins(storage: Storage) -> None:
    await settle(storage)
    outcomes = await asyncio.gather(
        *(
            storage.phases.move(SPACE.id, former="during", phase="after", moved_by=ANA.id, missing=[], at_ms=at_ms)
            for at_ms in range(4)
        ),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 3 + ["PhaseMove"]


async def test_asking_twice_to_reopen_is_asking_once(storage: Storage) -> None:
    await settle(storage)
    first = Reopening(SPACE.id, ANA.id, SCHOOL.id, 9)
    await storage.phases.ask_reopening(first)
    await storage.phases.ask_reopening(replace(first, asked_at_ms=10))
    assert await storage.phases.reopenings(SPACE.id) == [first]
    with pytest.raises(NotFound):
        await storage.phases.ask_reopening(replace(first, twinspace_id=ABSENT))


async def consent(
    storage: Storage, *purposes: Purpose, users: list[UserId] | None = None, granted: bool = True
) -> list[Consent]:
    return await storage.consents.record(
        users or [LUCIA.id],
        purposes,
        granted=granted,
        given_by="guardian",
        how="paper",
        given_on="2026-09-01",
        until_ms=100,
        own_age=14,
        recorded_by=ANA.id,
        at_ms=9,
    )


async def test_the_ledger_keeps_every_entry_and_tells_the_newest(storage: Storage) -> None:
    await settle(storage)
    given = await consent(storage, "live_voice", "live_camera", users=[LUCIA.id, ANA.id])
    assert [(each.user_id, each.seq, each.purpose) for each in given] == [
        (LUCIA.id, 1, "live_voice"),
        (LUCIA.id, 2, "live_camera"),
        (ANA.id, 1, "live_voice"),
        (ANA.id, 2, "live_camera"),
    ]
    (withdrawn,) = await consent(storage, "live_camera", granted=False)
    assert withdrawn.seq == 3 and withdrawn.until_ms == 100
    assert await storage.consents.of_user(LUCIA.id) == [given[0], given[1], withdrawn]
    assert await storage.consents.newest([LUCIA.id]) == [given[0], withdrawn]
    assert await storage.consents.newest([ANA.id, LUCIA.id, UserId("nobody")]) == [
        *given[2:],
        given[0],
        withdrawn,
    ]
    assert await storage.consents.newest([]) == []
    # What was said anew since did not run out.
    assert await storage.consents.run_out(99, 100) == [*given[2:], given[0]]
    assert await storage.consents.run_out(0, 99) == await storage.consents.run_out(100, 999) == []


async def test_a_sheet_is_kept_whole_or_not_at_all(storage: Storage) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await consent(storage, "account", users=[LUCIA.id, UserId("nobody")])
    assert await storage.consents.of_user(LUCIA.id) == []


async def test_two_sheets_of_one_class_at_once_lose_nothing(storage: Storage) -> None:
    await settle(storage)
    await asyncio.gather(
        *(consent(storage, "account", "recording", users=users) for users in ([LUCIA.id, ANA.id], [ANA.id, LUCIA.id])),
    )
    for user_id in (LUCIA.id, ANA.id):
        assert [each.seq for each in await storage.consents.of_user(user_id)] == [1, 2, 3, 4]


async def test_the_hash_of_an_agreement_is_kept_beside_how_far_its_text_goes(storage: Storage) -> None:
    await found(storage)
    assert await storage.foundings.kept_agreement(SPACE.id) == (0, None)
    await storage.doc_log.append(DOCUMENT.id, [b"1", b"2"], user_id=ANA.id, at_ms=1)
    await storage.doc_log.compact(DOCUMENT.id, b"state", 2)
    for agreement in ("aa", "bb"):
        kept = KeptAgreement(SPACE.id, "plan", agreement)
        await storage.foundings.keep_agreement(kept)
        assert await storage.foundings.kept_agreement(SPACE.id) == (2, kept)
    with pytest.raises(NotFound):
        await storage.foundings.kept_agreement(ABSENT)
    with pytest.raises(NotFound):
        await storage.foundings.keep_agreement(KeptAgreement(ABSENT, "", ""))
