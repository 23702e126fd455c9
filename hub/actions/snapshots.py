"""Named snapshots: take one, look back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from crdt_docs.content import KINDS, answer_sheet
from hub.access import Access, Act, access_twinspace, read_sight
from hub.actions.card_files import hand_over_blob
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import NotFound, Unavailable
from hub.form_sheet import as_text
from hub.kept_talk import read_kept_talk
from hub.names import read_people
from hub.payloads.operations import StoredFile
from hub.payloads.snapshots import (
    KeptContent,
    KeptFile,
    PlanChange,
    Snapshot,
    SnapshotContent,
    SnapshotContentRef,
    SnapshotDetail,
    SnapshotFileRef,
    SnapshotRef,
    Snapshots,
    TakeSnapshot,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.phrases import phrase
from hub.redaction import read_kept
from hub.snapshot_parts import plan_changes
from hub.snapshots import PLAN_FILE, card_file_path, card_preview_path, content_path, kept_contents, take
from storage import ports, records
from storage.records import SnapshotId, TwinspaceId

logger = logging.getLogger(__name__)


async def list_snapshots(context: Context, session: Session, payload: TwinspaceRef) -> Snapshots:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    chain = await context.storage.snapshots.of_twinspace(access.twinspace.id)
    seen = await _seen_ids(context, access)
    return Snapshots(
        snapshots=[
            Snapshot.of(link, len(kept_contents(await _tree(context, link)).keys() & seen)) for link in reversed(chain)
        ]
    )


async def take_snapshot(context: Context, session: Session, payload: TakeSnapshot) -> Snapshot:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.SNAPSHOT)
    taken, content_count = await take(context, access.twinspace.id, payload.title, session.user)
    shown = Snapshot.of(taken, content_count)
    await context.announce.to_twinspace(taken.twinspace_id, "snapshot:taken", shown)
    await record(
        context, taken.twinspace_id, "snapshot_taken", session.user, taken.id, {"title": taken.title, "seq": taken.seq}
    )
    return shown


async def read_snapshot(context: Context, session: Session, payload: SnapshotRef) -> SnapshotDetail:
    access, snapshot = await _access_snapshot(context, session, payload.snapshot_id)
    seen = await _seen_ids(context, access)
    kept = {each: blob for each, blob in kept_contents(await _tree(context, snapshot)).items() if each in seen}
    hidden = await context.storage.safety.hidden_ids(snapshot.twinspace_id, "content")
    contents = []
    for content_id, blob in kept.items():
        if content_id in hidden:
            continue
        try:
            about = await _read_json(context, blob)
        except NotFound:
            continue
        if about["kind"] in KINDS and KINDS[about["kind"]].is_part:
            # It is read with what it belongs to.
            continue
        contents.append(KeptContent(content_id=content_id, kind=about["kind"], title=about["title"], blob=blob))
    tree = await _tree(context, snapshot)
    return SnapshotDetail(
        **Snapshot.of(snapshot, len(kept)).model_dump(),
        contents=contents,
        files=await _kept_files(context, access, tree),
        thread_count=sum(path.startswith("forum/") for path in tree),
        debate_count=sum(path.startswith("debates/") for path in tree),
        plan=await _plan_changes(context, snapshot, tree),
    )


async def _kept_files(context: Context, access: Access, tree: dict[str, str]) -> list[KeptFile]:
    """The files, links and entries that the member sees now, as they were said to be then."""
    sight, twinspace_id = await read_sight(context, access), access.twinspace.id
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "material")
    there = {each.id for each in await context.storage.materials.of_twinspace(twinspace_id, sight)} - hidden
    files = []
    for path, blob in tree.items():
        match path.split("/"):
            case ["materials", material_id, "material.json"] if material_id in there:
                about = await _read_kept(context, blob)
                if about is not None:
                    files.append(
                        KeptFile(
                            material_id=material_id,
                            kind=about["kind"],
                            title=about["title"],
                            folder=about["folder"],
                            filename=about.get("filename"),
                            media_type=about.get("media_type"),
                            blob=tree.get(f"materials/{material_id}/file"),
                        )
                    )
    return sorted(files, key=lambda file: (file.folder, file.title, file.material_id))


async def _plan_changes(context: Context, snapshot: records.Snapshot, tree: dict[str, str]) -> list[PlanChange]:
    """What of the work plan is another than in the snapshot before."""
    before: dict[str, str] = {}
    if snapshot.parent is not None:
        before = await _tree(context, await context.storage.snapshots.get(SnapshotId(snapshot.parent)))
    former, now = [await _read_kept(context, each[PLAN_FILE]) if PLAN_FILE in each else None for each in (before, tree)]
    return [PlanChange(**change) for change in plan_changes(former, now)]


async def _read_kept(context: Context, blob: str) -> Any:
    """None for what was erased since."""
    try:
        return await _read_json(context, blob)
    except NotFound:
        return None


async def read_snapshot_content(context: Context, session: Session, payload: SnapshotContentRef) -> SnapshotContent:
    snapshot, tree, content = await _access_kept(context, session, payload)
    if content.kind == "form":
        sheets = await _shared_sheets(context, tree, content.content_id, session.user.language)
        return content.model_copy(update={"blocks": [*content.blocks, *sheets]})
    if content.kind == "rubric":
        talk = await read_kept_talk(context, session.user, snapshot.twinspace_id, tree, content.content_id)
        return content.model_copy(update={"blocks": [{**block, "comments": talk} for block in content.blocks]})
    if content.kind != "wall":
        return content
    shown = await _not_hidden(context, snapshot, content)
    silent = await context.storage.safety.hidden_ids(snapshot.twinspace_id, "comment")
    redactions = await context.storage.erasure.redactions()
    files = f"/api/v1/snapshots/{snapshot.id}/contents/{payload.content_id}/files"
    for block in shown:
        block["comments"] = [
            each for each in block.get("comments") or () if f"{payload.content_id}:{each['id']}" not in silent
        ]
        file_id = str(block.get("file_id", ""))
        for name, path_of, way in (("file_url", card_file_path, ""), ("preview_url", card_preview_path, "/preview")):
            blob = tree.get(path_of(payload.content_id, file_id))
            block[name] = None if blob is None or blob in redactions else f"{files}/{file_id}{way}"
    return content.model_copy(update={"blocks": await _called(context, session.user, shown)})


async def fetch_kept_file(context: Context, session: Session, payload: SnapshotFileRef) -> StoredFile:
    """A picture, file or recording of a card that is on the kept wall and was not hidden since."""
    card, blob = await _access_kept_file(context, session, payload, card_file_path)
    return hand_over_blob(context, blob, card["media_type"], card["file_name"])


async def fetch_kept_preview(context: Context, session: Session, payload: SnapshotFileRef) -> StoredFile:
    _, blob = await _access_kept_file(context, session, payload, card_preview_path)
    return hand_over_blob(context, blob, "image/webp", "preview.webp")


async def _access_kept_file(
    context: Context, session: Session, payload: SnapshotFileRef, path_of: Callable[[str, str], str]
) -> tuple[dict[str, Any], str]:
    """Its card and its blob. Raise NotFound, also for what was erased since."""
    snapshot, tree, content = await _access_kept(context, session, payload)
    blob = tree.get(path_of(payload.content_id, payload.file_id))
    if content.kind != "wall" or blob is None or blob in await context.storage.erasure.redactions():
        raise NotFound
    for card in await _not_hidden(context, snapshot, content):
        if card.get("file_id") == payload.file_id:
            return card, blob
    raise NotFound


async def _access_kept(
    context: Context, session: Session, payload: SnapshotContentRef
) -> tuple[records.Snapshot, dict[str, str], SnapshotContent]:
    """With the snapshot and its tree. Raise NotFound for a content that the member does not see today."""
    access, snapshot = await _access_snapshot(context, session, payload.snapshot_id)
    if payload.content_id not in await _seen_ids(context, access):
        raise NotFound
    tree = await _tree(context, snapshot)
    blob = tree.get(content_path(payload.content_id))
    if blob is None or await context.storage.safety.is_hidden(snapshot.twinspace_id, "content", payload.content_id):
        raise NotFound
    return snapshot, tree, SnapshotContent(**await _read_json(context, blob))


async def _not_hidden(context: Context, snapshot: records.Snapshot, wall: SnapshotContent) -> list[dict[str, Any]]:
    """The cards of a wall without those that were hidden since."""
    taken = await context.storage.safety.hidden_ids(snapshot.twinspace_id, "card")
    return [block for block in wall.blocks if f"{wall.content_id}:{block.get('id')}" not in taken]


async def _shared_sheets(context: Context, tree: dict[str, str], form_id: str, language: str) -> list[Any]:
    """What stood on the sheets that schools filled in together, version by version, as headings and paragraphs."""
    blocks: list[Any] = []
    numbers = [int(path.split("/")[2].removesuffix(".json")) for path in tree if path.startswith(f"forms/{form_id}/")]
    for number in sorted(numbers):
        blob = tree.get(content_path(f"{form_id}.{number}"))
        sheet = await _read_kept(context, blob) if blob else None
        form = await _read_kept(context, tree[f"forms/{form_id}/{number}.json"])
        if not sheet or not form:
            continue
        answers = answer_sheet.answers_of(sheet["blocks"], form["definition"])
        if said := as_text(form["definition"], answers):
            blocks.append(_heading(2, phrase("kept_sheet", language, number=str(number))))
        for title, text in said:
            blocks += [_heading(3, title), {"type": "paragraph", "spans": [{"text": text}]}]
    return blocks


def _heading(level: int, text: str) -> dict[str, Any]:
    return {"type": "heading", "level": level, "spans": [{"text": text}]}


async def _called(context: Context, viewer: records.User, cards: list[Any]) -> list[Any]:
    """Cards by people as the viewer may call them today, whatever stood on them when they were kept."""
    found: dict[records.UserId, records.User] = {}
    comments = [comment for card in cards for comment in card.get("comments") or ()]
    for author_id in {said.get("author_id") for said in (*cards, *comments)}:
        try:
            found |= await read_people(context, viewer, [records.UserId(str(author_id))])
        except ports.NotFound:
            continue

    def called(said: dict[str, Any]) -> dict[str, Any]:
        author = found.get(records.UserId(str(said.get("author_id"))))
        return said if author is None else said | {"author_name": author.display_name}

    return [called(card) | {"comments": [*map(called, card.get("comments") or ())]} for card in cards]


async def _seen_ids(context: Context, access: Access) -> set[str]:
    """The contents that the member sees now: what is hidden today was not less private yesterday."""
    found = await context.storage.contents.of_twinspace(access.twinspace.id, await read_sight(context, access))
    return {content.id for content in found}


async def _access_snapshot(context: Context, session: Session, snapshot_id: str) -> tuple[Access, records.Snapshot]:
    try:
        snapshot = await context.storage.snapshots.get(SnapshotId(snapshot_id))
    except ports.NotFound:
        raise NotFound from None
    return await access_twinspace(context, session.user, snapshot.twinspace_id, Act.READ), snapshot


async def _tree(context: Context, snapshot: records.Snapshot) -> dict[str, str]:
    tree: dict[str, str] = await _read_json(context, snapshot.tree)
    return tree


async def _read_json(context: Context, blob: str) -> Any:
    data = await read_kept(context, blob)
    if data is None:
        if blob in await context.storage.erasure.redactions():
            raise NotFound
        logger.error("blob %s is missing or was changed", context.storage.blobs.path(blob))
        raise Unavailable("Part of this snapshot is damaged. Who runs the hub can see more with `hub verify`.")
    return json.loads(data)
