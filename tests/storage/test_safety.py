"""The contract of reports, hidden things, mutes and the moderation log, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.moderation_log import broken_at, read_chain
from storage.ports import Conflict, NotFound
from storage.records import Hidden, ModerationEntry, Report, ReportId, TwinspaceId, UserId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, SPACE, settle

REPORT = Report(ReportId("r1"), SPACE.id, LUCIA.id, "message", "3", ANA.id, "mean", "He shouts", "You are …", 10)
HIDDEN = Hidden(SPACE.id, "card", "wall:card", LUCIA.id, "Bread", {"title": "Bread", "tint": 1}, ANA.id, 20)


async def test_reports_are_kept_claimed_once_and_answered_once(storage: Storage) -> None:
    await settle(storage)
    safety = storage.safety
    await safety.add_report(REPORT)
    later = replace(REPORT, id=ReportId("r2"), reported_at_ms=11, author_id=None)
    await safety.add_report(later)
    assert await safety.reports([SPACE.id, OTHER_SPACE.id]) == [REPORT, later] and await safety.reports([]) == []
    assert await safety.get_report(REPORT.id) == REPORT
    with pytest.raises(Conflict):
        await safety.add_report(REPORT)
    with pytest.raises(NotFound):
        await safety.add_report(replace(REPORT, id=ReportId("r3"), twinspace_id=TwinspaceId("absent")))
    with pytest.raises(NotFound):
        await safety.claim_report(ReportId("absent"), ANA.id, 12)
    tried = await asyncio.gather(
        safety.claim_report(REPORT.id, ANA.id, 12), safety.claim_report(REPORT.id, LUCIA.id, 12), return_exceptions=True
    )
    assert sorted(isinstance(each, Conflict) for each in tried) == [False, True]
    winner = next(each for each in tried if isinstance(each, Report))
    assert winner.handler_id is not None
    assert (await safety.claim_report(REPORT.id, winner.handler_id, 13)).handled_at_ms == 13
    answered = await safety.answer_report(REPORT.id, ANA.id, "We talked.", 14)
    assert (answered.state, answered.answer, answered.handler_id) == ("answered", "We talked.", ANA.id)
    for again in (safety.answer_report(REPORT.id, ANA.id, "", 15), safety.claim_report(REPORT.id, ANA.id, 15)):
        with pytest.raises(Conflict):
            await again
    assert await safety.reports([SPACE.id], only_unanswered=True) == [later]


async def test_only_answered_reports_are_forgotten_once_their_time_is_over(storage: Storage) -> None:
    await settle(storage)
    await storage.safety.add_report(REPORT)
    await storage.safety.add_report(replace(REPORT, id=ReportId("r2")))
    await storage.safety.answer_report(REPORT.id, ANA.id, "", 14)
    assert await storage.safety.forget_reports(14) == 0
    assert await storage.safety.forget_reports(15, dry_run=True) == 1
    assert len(await storage.safety.reports([SPACE.id])) == 2
    assert await storage.safety.forget_reports(15) == 1
    assert [report.id for report in await storage.safety.reports([SPACE.id])] == ["r2"]


async def test_a_thing_is_hidden_once_and_given_back_as_it_was(storage: Storage) -> None:
    await settle(storage)
    safety = storage.safety
    await safety.hide(HIDDEN)
    message = Hidden(SPACE.id, "message", "3", None, "", None, ANA.id, 21)
    await safety.hide(message)
    await safety.hide(replace(message, twinspace_id=OTHER_SPACE.id))
    with pytest.raises(Conflict):
        await safety.hide(replace(HIDDEN, excerpt="Other"))
    assert await safety.hidden(SPACE.id) == [message, HIDDEN]
    assert await safety.hidden_ids(SPACE.id, "card") == {"wall:card"}
    assert await safety.is_hidden(SPACE.id, "message", "3") and not await safety.is_hidden(SPACE.id, "card", "3")
    assert await safety.show(SPACE.id, "card", "wall:card") == HIDDEN
    assert not await safety.is_hidden(SPACE.id, "card", "wall:card")
    with pytest.raises(NotFound):
        await safety.show(SPACE.id, "card", "wall:card")


async def test_a_mute_raises_the_epoch_and_ends_only_as_it_was_meant(storage: Storage) -> None:
    await settle(storage)
    before = await storage.twinspaces.get_member(SPACE.id, ANA.id)
    assert (before.muted, before.muted_until_ms) == ((), None)
    muted = await storage.twinspaces.mute(SPACE.id, ANA.id, ["chat", "speak"], 99)
    assert (muted.muted, muted.muted_until_ms, muted.epoch) == (("chat", "speak"), 99, before.epoch + 1)
    assert await storage.twinspaces.get_member(SPACE.id, ANA.id) == muted
    longer = await storage.twinspaces.mute(SPACE.id, ANA.id, ["chat"], 199)
    assert not await storage.twinspaces.end_mute(SPACE.id, ANA.id, 99)
    assert await storage.twinspaces.end_mute(SPACE.id, ANA.id, 199)
    ended = await storage.twinspaces.get_member(SPACE.id, ANA.id)
    assert (ended.muted, ended.muted_until_ms, ended.epoch) == ((), None, longer.epoch + 1)
    for_good = await storage.twinspaces.mute(SPACE.id, ANA.id, ["write"], None)
    assert for_good.muted_until_ms is None
    assert (await storage.twinspaces.mute(SPACE.id, ANA.id, [], 5)).muted_until_ms is None
    with pytest.raises(NotFound):
        await storage.twinspaces.mute(SPACE.id, LUCIA.id, ["chat"], None)
    assert not await storage.twinspaces.end_mute(SPACE.id, LUCIA.id, 1)


async def write(storage: Storage, action: str, at_ms: int) -> ModerationEntry:
    return await storage.moderation_log.record(
        SPACE.id,
        action=action,
        user_id=ANA.id,
        kind="member",
        subject_id=LUCIA.id,
        reason="mean",
        details={"parts": ["chat"], "until_ms": None},
        at_ms=at_ms,
    )


async def test_the_moderation_log_is_a_chain_that_shows_every_change(storage: Storage) -> None:
    await settle(storage)
    written = [await write(storage, action, at_ms) for at_ms, action in enumerate(("muted", "unmuted", "removed"))]
    assert [entry.seq for entry in written] == [1, 2, 3] and written[0].parent == ""
    assert [entry.parent for entry in written[1:]] == [entry.hash for entry in written[:-1]]
    assert await storage.moderation_log.latest(SPACE.id, 2) == written[:0:-1]
    assert await storage.moderation_log.latest(SPACE.id, 5, before_seq=2) == written[:1]
    assert await storage.moderation_log.chains() == [SPACE.id]
    chain = await read_chain(storage, SPACE.id)
    assert chain == written and broken_at(chain) is None
    assert broken_at([chain[0], chain[2]]) == 3
    assert broken_at([chain[0], replace(chain[1], reason="kind"), chain[2]]) == 2
    with pytest.raises(NotFound):
        await storage.moderation_log.record(
            TwinspaceId("absent"),
            action="muted",
            user_id=UserId("ana"),
            kind="",
            subject_id="",
            reason="",
            details=None,
            at_ms=1,
        )


async def test_entries_written_at_once_make_one_chain(storage: Storage) -> None:
    await settle(storage)
    await asyncio.gather(*(write(storage, "muted", at_ms) for at_ms in range(8)))
    chain = await read_chain(storage, SPACE.id)
    assert len(chain) == 8 and broken_at(chain) is None


async def test_the_moderation_log_forgets_from_its_oldest_end_alone(storage: Storage) -> None:
    await settle(storage)
    for at_ms in (10, 30, 20, 40):
        await write(storage, "muted", at_ms)
    log = storage.moderation_log
    assert await log.forget(25, dry_run=True) == 1 and len(await read_chain(storage, SPACE.id)) == 4
    # The third is older than 25, but what came before it is not: no hole is torn.
    assert await log.forget(25) == 1
    assert [entry.done_at_ms for entry in await read_chain(storage, SPACE.id)] == [30, 20, 40]
    # The newest stays for good, so that the chain goes on from it.
    assert await log.forget(1_000) == 2
    last = await write(storage, "muted", 2_000)
    chain = await read_chain(storage, SPACE.id)
    assert [entry.seq for entry in chain] == [4, 5] and last.parent == chain[0].hash and broken_at(chain) is None
