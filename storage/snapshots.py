"""Snapshots that prove themselves: every blob is named by its hash, a tree names blobs, a link names tree and parent.

So the id of the newest link vouches for everything that any snapshot of the TwinSpace ever held.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import Any

from storage.canonical_json import canonical_json
from storage.ports import Conflict, NotFound, Storage, Unavailable
from storage.records import Redaction, Snapshot, SnapshotId, TwinspaceId, UserId

_HASH = re.compile(r"[0-9a-f]{64}")


def hash_blob(data: bytes) -> str:
    return sha256(data).hexdigest()


def make_snapshot(
    parent: Snapshot | None,
    tree: Mapping[str, str],
    *,
    twinspace_id: TwinspaceId,
    title: str,
    cause: str,
    taken_by: UserId,
    taken_at_ms: int,
) -> tuple[Snapshot, bytes]:
    """The next link and the tree's blob, which must be stored before the link is. `tree` is path → blob hash."""
    tree_blob = canonical_json(dict(tree))
    about: dict[str, Any] = {
        "twinspace_id": twinspace_id,
        "seq": parent.seq + 1 if parent else 1,
        "parent": parent.id if parent else None,
        "tree": hash_blob(tree_blob),
        "title": title,
        "cause": cause,
        "taken_by": taken_by,
        "taken_at_ms": taken_at_ms,
    }
    blob = canonical_json(about)
    return Snapshot(id=SnapshotId(hash_blob(blob)), **json.loads(blob)), tree_blob


def snapshot_id(snapshot: Snapshot) -> SnapshotId:
    """The id that its other fields prove. Raise ValueError when they are no fields of a snapshot."""
    about = {each.name: getattr(snapshot, each.name) for each in fields(snapshot) if each.name != "id"}
    return SnapshotId(hash_blob(canonical_json(about)))


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


async def commit(
    storage: Storage,
    twinspace_id: TwinspaceId,
    tree: Mapping[str, str],
    *,
    title: str,
    cause: str,
    taken_by: UserId,
    taken_at_ms: int,
    only_first: bool = False,
) -> Snapshot:
    """Put the next link on the TwinSpace's chain; the tree's blobs are stored already.

    Raise Conflict when somebody else took a snapshot at the same moment, or with `only_first` ever: look again, then
    commit again.
    """
    chain = await storage.snapshots.of_twinspace(twinspace_id)
    if only_first and chain:
        raise Conflict("This chain has begun.")
    snapshot, tree_blob = make_snapshot(
        chain[-1] if chain else None,
        tree,
        twinspace_id=twinspace_id,
        title=title,
        cause=cause,
        taken_by=taken_by,
        taken_at_ms=taken_at_ms,
    )
    await storage.blobs.put(tree_blob)
    await storage.snapshots.append(snapshot)
    return snapshot


@dataclass(frozen=True, slots=True)
class Damage:
    path: str
    """The blob's file, or `snapshots/<TwinSpace>/<seq>` for a row of the database."""
    reason: str


@dataclass(slots=True)
class VerifyReport:
    snapshot_count: int = 0
    redaction_count: int = 0
    """Different blobs that were erased, as the database says; what is left of them was checked as well."""
    blob_count: int = 0
    """Different blobs; one that many snapshots hold is read once."""
    damages: list[Damage] = field(default_factory=list)
    """In the order in which they were found, oldest snapshot first."""

    @property
    def is_intact(self) -> bool:
        return not self.damages


async def verify(storage: Storage, twinspace_id: TwinspaceId | None = None) -> VerifyReport:
    """Walk the TwinSpace's chain, or all: recompute every link's id, follow parents, read and hash every blob.

    A chain can't tell that its newest link was taken away whole: compare the newest id with the one that was printed or
    published when it was taken.
    """
    walk = _Walk(storage)
    await walk.read_redactions()
    for each in [twinspace_id] if twinspace_id is not None else await walk.chains():
        await walk.check_chain(each)
    return walk.report


class _Walk:
    def __init__(self, storage: Storage) -> None:
        self.report = VerifyReport()
        self._storage = storage
        self._blobs: dict[str, bool] = {}
        self._redactions: dict[str, Redaction] = {}

    async def read_redactions(self) -> None:
        try:
            self._redactions = await self._storage.erasure.redactions()
        except Unavailable as error:
            self._note("redactions", f"The rows can't be read: {error}")

    async def chains(self) -> list[TwinspaceId]:
        try:
            return await self._storage.snapshots.chains()
        except Unavailable as error:
            self._note("snapshots", f"The rows can't be read: {error}")
            return []

    async def check_chain(self, twinspace_id: TwinspaceId) -> None:
        try:
            chain = await self._storage.snapshots.of_twinspace(twinspace_id)
        except Unavailable as error:
            self._note(f"snapshots/{twinspace_id}", f"The rows can't be read: {error}")
            return
        parent: Snapshot | None = None
        for seq, snapshot in enumerate(chain, start=1):
            self.report.snapshot_count += 1
            self._check_link(snapshot, parent, seq)
            await self._check_tree(snapshot)
            parent = snapshot

    def _check_link(self, snapshot: Snapshot, parent: Snapshot | None, seq: int) -> None:
        path = f"snapshots/{snapshot.twinspace_id}/{snapshot.seq}"
        try:
            proven = snapshot_id(snapshot)
        except ValueError as error:
            self._note(path, f"The row was changed: {error}")
            return
        if proven != snapshot.id:
            self._note(path, f"The row was changed: its fields have the hash {proven}, not {snapshot.id}.")
        if snapshot.parent != (parent.id if parent else None) or snapshot.seq != seq:
            self._note(path, "The link before it is missing or was changed.")

    async def _check_tree(self, snapshot: Snapshot) -> None:
        if not _is_hash(snapshot.tree):
            self._note(f"snapshots/{snapshot.twinspace_id}/{snapshot.seq}", "Its tree is no hash.")
            return
        data = await self._check_blob(snapshot.tree)
        if data is None:
            return
        for blob in self._read_tree(snapshot.tree, data):
            if blob in self._redactions:
                await self._check_redacted(blob)
            elif blob not in self._blobs:
                await self._check_blob(blob)

    async def _check_redacted(self, blob: str) -> None:
        if blob in self._blobs:
            return
        self._blobs[blob] = True
        self.report.redaction_count += 1
        if (copy := self._redactions[blob].copy) is not None and copy not in self._blobs:
            await self._check_blob(copy)

    def _read_tree(self, tree: str, data: bytes) -> list[str]:
        try:
            files = json.loads(data)
        except ValueError:
            files = None
        if not isinstance(files, dict) or not all(map(_is_hash, files.values())):
            self._note(self._storage.blobs.path(tree), "It is no tree of blobs.")
            return []
        return list(files.values())

    async def _check_blob(self, blob: str) -> bytes | None:
        """Its bytes; None when they are not what they should be."""
        path = self._storage.blobs.path(blob)
        is_new = blob not in self._blobs
        if is_new:
            self.report.blob_count += 1
        elif not self._blobs[blob]:
            return None
        data: bytes | None = None
        try:
            data = await self._storage.blobs.get(blob)
        except NotFound:
            reason = "It is missing."
        except Unavailable as error:
            reason = f"It can't be read: {error}"
        else:
            if (proven := hash_blob(data)) != blob:
                reason, data = f"It was changed: its bytes have the hash {proven}.", None
        self._blobs[blob] = data is not None
        if data is None:
            self._note(path, reason)
        return data

    def _note(self, path: str, reason: str) -> None:
        self.report.damages.append(Damage(path, reason))
