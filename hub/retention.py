"""Takes away what is over, once a day and in one process: how long each kind is kept stands in retention.toml."""

from __future__ import annotations

import asyncio
import datetime
import logging
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import get_args

from hub import erasure, loose_files, personal_copies
from hub.context import Context
from hub.errors import HubError
from storage import ports
from storage.ports import Storage
from storage.ports.retention import Forgotten
from storage.records import RecordingId, UserId

logger = logging.getLogger(__name__)

EVERY_S = 600
"""How often a process asks whether today's round is still to be done."""
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    days: int
    after: str
    reason: str


def read_rules() -> dict[str, Rule]:
    table = tomllib.loads(files("hub").joinpath("retention.toml").read_text("utf-8"))
    return {kind: Rule(kind, **rule) for kind, rule in table.items()}


FORGOTTEN: tuple[Forgotten, ...] = get_args(Forgotten)
ACCOUNTS = ("guests", "registrations", "pupils")


async def count_over(storage: Storage, data_dir: Path, now_ms: int) -> dict[str, int]:
    """What would go now, by kind; nothing is changed."""
    return {
        kind: await _count(storage, data_dir, kind, now_ms - rule.days * DAY_MS) for kind, rule in read_rules().items()
    }


async def _count(storage: Storage, data_dir: Path, kind: str, before_ms: int) -> int:
    if kind in FORGOTTEN:
        return await storage.retention.forget(kind, before_ms, dry_run=True)
    match kind:
        case "recordings" | "guests" | "registrations" | "pupils":
            return len(await storage.retention.over(kind, before_ms))
        case "reports":
            return await storage.safety.forget_reports(before_ms, dry_run=True)
        case "moderation_log":
            return await storage.moderation_log.forget(before_ms, dry_run=True)
        case "card_files":
            return len(await storage.cards.loose(before_ms))
        case "attendance":
            hands = await storage.hands.forget(before_ms, dry_run=True)
            return await storage.held_meetings.forget_stays(before_ms, dry_run=True) + hands
        case "letters" | "copies":
            return await asyncio.to_thread(personal_copies.forget, data_dir / _FOLDERS[kind], before_ms, dry_run=True)
    raise ValueError(f"retention.toml names the unknown kind {kind}.")


async def take_away(context: Context) -> dict[str, int]:
    """One round over everything. What fails is logged and tried again tomorrow; the rest goes on."""
    gone: dict[str, int] = {}
    for kind, rule in read_rules().items():
        before_ms = context.now_ms() - rule.days * DAY_MS
        try:
            gone[kind] = await _JOBS.get(kind, _forget(kind))(context, before_ms)
        except (ports.StorageError, HubError, OSError) as error:
            logger.warning("%s that are over could not be taken away: %s", kind, error)
    if any(gone.values()):
        await erasure.leave_no_byte(context)
    logger.info("retention: %s", ", ".join(f"{count} {kind}" for kind, count in gone.items() if count) or "nothing")
    return gone


def _forget(kind: str) -> Callable[[Context, int], Awaitable[int]]:
    async def work(context: Context, before_ms: int) -> int:
        return await context.storage.retention.forget(kind, before_ms)  # type: ignore[arg-type]

    return work


async def _reports(context: Context, before_ms: int) -> int:
    return await context.storage.safety.forget_reports(before_ms)


async def _log(context: Context, before_ms: int) -> int:
    return await context.storage.moderation_log.forget(before_ms)


async def _attendance(context: Context, before_ms: int) -> int:
    hands = await context.storage.hands.forget(before_ms)
    return await context.storage.held_meetings.forget_stays(before_ms) + hands


async def _recordings(context: Context, before_ms: int) -> int:
    ids = await context.storage.retention.over("recordings", before_ms)
    for recording_id in ids:
        recording = await context.storage.recordings.get(RecordingId(recording_id))
        await context.storage.recordings.remove(recording.id)
        for file in recording.files:
            await context.storage.blobs.remove(file["blob"])
    return len(ids)


async def _accounts(context: Context, kind: str, before_ms: int) -> int:
    """The account and the name go; what was made stays."""
    ids = await context.storage.retention.over(kind, before_ms)  # type: ignore[arg-type]
    for user_id in ids:
        user = await context.storage.users.get_user(UserId(user_id))
        await erasure.erase_person(context, user, texts=False)
    return len(ids)


async def _files(context: Context, kind: str, before_ms: int) -> int:
    return await asyncio.to_thread(personal_copies.forget, context.settings.data_dir / _FOLDERS[kind], before_ms)


_FOLDERS = {"letters": "outbox", "copies": erasure.COPIES}
_JOBS: dict[str, Callable[[Context, int], Awaitable[int]]] = {
    "reports": _reports,
    "moderation_log": _log,
    "attendance": _attendance,
    "recordings": _recordings,
    "card_files": loose_files.take_away,
    "guests": lambda context, before_ms: _accounts(context, "guests", before_ms),
    "registrations": lambda context, before_ms: _accounts(context, "registrations", before_ms),
    "pupils": lambda context, before_ms: _accounts(context, "pupils", before_ms),
    "letters": lambda context, before_ms: _files(context, "letters", before_ms),
    "copies": lambda context, before_ms: _files(context, "copies", before_ms),
}


async def watch(context: Context) -> None:
    """Until cancelled: one round a day (UTC), by whichever process asks first."""
    while True:
        day = datetime.datetime.fromtimestamp(context.now_ms() / 1000, datetime.UTC).date().isoformat()
        try:
            if await context.storage.retention.claim("retention", day):
                await take_away(context)
        except ports.StorageError as error:
            logger.warning("nothing can be taken away now: %s", error)
        except Exception:
            # One bad row must not end the watch over everything else.
            logger.exception("taking away what is over failed")
        await asyncio.sleep(EVERY_S)


def page() -> str:
    """docs/privacy/retention.md."""
    rows = [f"| {r.kind.replace('_', ' ')} | {r.days} days | {r.after} | {r.reason} |" for r in read_rules().values()]
    return "\n".join([HEAD, "| what | how long | after | why |", "|---|---|---|---|", *rows, "", FOOT])


HEAD = """# How long data is kept

Written from `hub/retention.toml` by `make protocol`; change that file, not this one. The hub takes away what is over
once a day, in one process, and rewrites the database's files afterwards; `hub retention --dry-run` says what would go.
"""
FOOT = """Not in the table: documents, walls, forms and snapshots stay as long as the TwinSpace does, under ids and not
names, until somebody erases them. Figures of lines in meetings are in memory alone and go with the meeting. The log of
the hub has neither names nor contents; how long it is kept is the operator's to set, 14 days are enough.
"""

if __name__ == "__main__":
    print(page(), end="")
