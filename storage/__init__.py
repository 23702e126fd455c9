"""Everything the hub keeps, behind the ports of `storage.ports`."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from storage.blobs import open_blobs
from storage.memory import open_memory_storage
from storage.memory_bus import MemoryBus
from storage.ports import Storage, Unavailable
from storage.redis_bus import RedisBus
from storage.sql import open_sql_ports

__all__ = ["Storage", "open_memory_storage", "open_storage"]

FREE_LIMIT_BYTES = 64 * 1024 * 1024
"""With less room in the data folder the hub says that it can't store, before it really can't."""


async def open_storage(*, data_dir: Path, database_url: str = "", redis_url: str = "") -> Storage:
    """Open everything, tables migrated; the caller closes it. Raise Unavailable when something can't be opened.

    Without a database URL (`postgresql://…`) the rows are in `data_dir/hub.sqlite3`; without a Redis URL the bus
    reaches this process only. Blobs are files in `data_dir/blobs`. May be called by several processes at once.
    """
    try:
        blobs = await asyncio.to_thread(open_blobs, data_dir / "blobs")
    except OSError as error:
        raise Unavailable(f"Can't use the data folder {data_dir}: {error.strerror}.") from error
    bus = _open_bus(redis_url)
    try:
        ports = await open_sql_ports(data_dir / "hub.sqlite3", database_url)
    except BaseException:
        await bus.close()
        raise

    async def check() -> None:
        free_bytes = (await asyncio.to_thread(shutil.disk_usage, data_dir)).free
        if free_bytes < FREE_LIMIT_BYTES:
            raise Unavailable(f"The data folder has only {free_bytes} bytes left.")
        await ports.database.check()
        await bus.check()

    async def close() -> None:
        await bus.close()
        await ports.database.close()

    return Storage(
        users=ports.users,
        services=ports.services,
        logins=ports.logins,
        proofs=ports.proofs,
        passkeys=ports.passkeys,
        identities=ports.identities,
        challenges=ports.challenges,
        guests=ports.guests,
        twinspaces=ports.twinspaces,
        contents=ports.contents,
        materials=ports.materials,
        pages=ports.pages,
        shares=ports.shares,
        doc_log=ports.doc_log,
        messages=ports.messages,
        forms=ports.forms,
        gate=ports.gate,
        cards=ports.cards,
        seals=ports.seals,
        assessments=ports.assessments,
        journal=ports.journal,
        snapshots=ports.snapshots,
        foundings=ports.foundings,
        successions=ports.successions,
        phases=ports.phases,
        consents=ports.consents,
        safety=ports.safety,
        moderation_log=ports.moderation_log,
        erasure=ports.erasure,
        retention=ports.retention,
        teams=ports.teams,
        plan=ports.plan,
        polls=ports.polls,
        quizzes=ports.quizzes,
        captions=ports.captions,
        codes=ports.codes,
        breakouts=ports.breakouts,
        held_meetings=ports.held_meetings,
        desk=ports.desk,
        notices=ports.notices,
        preferences=ports.preferences,
        deliveries=ports.deliveries,
        recordings=ports.recordings,
        search=ports.search,
        partners=ports.partners,
        conversations=ports.conversations,
        forum=ports.forum,
        debates=ports.debates,
        shelf=ports.shelf,
        help_desk=ports.help_desk,
        statistics=ports.statistics,
        room_powers=ports.room_powers,
        class_seats=ports.class_seats,
        hands=ports.hands,
        shared_views=ports.shared_views,
        blobs=blobs,
        bus=bus,
        check=check,
        close=close,
    )


def _open_bus(redis_url: str) -> MemoryBus | RedisBus:
    if not redis_url:
        return MemoryBus()
    try:
        return RedisBus(redis_url)
    except ValueError as error:
        raise Unavailable(f"The Redis URL is wrong: {error}.") from error
