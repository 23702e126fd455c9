"""The hash that makes a moderation log a chain, and the walk that proves one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from hashlib import sha256

from storage.canonical_json import canonical_json
from storage.ports.opened import Storage
from storage.records import ModerationEntry, TwinspaceId

_PAGE = 500


def sealed(entry: ModerationEntry) -> ModerationEntry:
    """The entry with the hash that its other fields prove. Raise ValueError when its details are no canonical JSON."""
    about = {each.name: getattr(entry, each.name) for each in fields(entry) if each.name != "hash"}
    return replace(entry, hash=sha256(canonical_json(about)).hexdigest())


def broken_at(chain: Sequence[ModerationEntry]) -> int | None:
    """The seq of the first entry, oldest first, that was changed or whose forerunner is missing; None: it is whole.

    The first entry may follow others whose time was over. That the newest was taken away can't be told.
    """
    former: ModerationEntry | None = None
    for entry in chain:
        follows = former is None or (entry.seq == former.seq + 1 and entry.parent == former.hash)
        if not follows or sealed(entry).hash != entry.hash:
            return entry.seq
        former = entry
    return None


async def read_chain(storage: Storage, twinspace_id: TwinspaceId) -> list[ModerationEntry]:
    """Oldest first."""
    chain: list[ModerationEntry] = []
    while page := await storage.moderation_log.latest(twinspace_id, _PAGE, chain[-1].seq if chain else None):
        chain += page
    return chain[::-1]
