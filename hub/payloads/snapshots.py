"""Snapshots: what was kept, and how it looked."""

from __future__ import annotations

from typing import Any, Literal, Self

from hub.payloads.fields import Id, Payload, Reply, Title
from storage import records


class Snapshot(Reply):
    id: str
    twinspace_id: str
    seq: int
    parent: str | None
    tree: str
    title: str
    cause: str
    taken_by: str
    taken_at_ms: int
    content_count: int

    @classmethod
    def of(cls, snapshot: records.Snapshot, content_count: int) -> Self:
        return cls(
            id=snapshot.id,
            twinspace_id=snapshot.twinspace_id,
            seq=snapshot.seq,
            parent=snapshot.parent,
            tree=snapshot.tree,
            title=snapshot.title,
            cause=snapshot.cause,
            taken_by=snapshot.taken_by,
            taken_at_ms=snapshot.taken_at_ms,
            content_count=content_count,
        )


class KeptContent(Reply):
    content_id: str
    kind: str
    title: str
    blob: str


class KeptFile(Reply):
    """A file, a link, or something off the platform."""

    material_id: str
    kind: str
    title: str
    folder: str
    filename: str | None
    media_type: str | None
    blob: str | None
    """The hash of the file; None for what has none."""


class PlanChange(Reply):
    """What of the work plan is another than in the snapshot before."""

    what: Literal["activity", "meeting"]
    id: str
    title: str
    change: Literal["added", "changed", "removed"]
    fields: list[str]


class SnapshotDetail(Snapshot):
    contents: list[KeptContent]
    files: list[KeptFile]
    thread_count: int
    debate_count: int
    plan: list[PlanChange]


class Snapshots(Reply):
    snapshots: list[Snapshot]


class SnapshotRef(Payload):
    snapshot_id: Id


class SnapshotContentRef(Payload):
    snapshot_id: Id
    content_id: Id


class SnapshotFileRef(SnapshotContentRef):
    file_id: Id


class SnapshotContent(Reply):
    content_id: str
    kind: str
    title: str
    blocks: Any


class TakeSnapshot(Payload):
    twinspace_id: Id
    title: Title
