"""Takes a snapshot: every content as blocks and as Yjs state, every form with its answers, and the chat, in one tree.

People stand in it by their ids only. The layout of the tree:

    contents/<content id>/content.json      {content_id, kind, title, blocks}
    contents/<content id>/state.yjs         the document as one Yjs update
    contents/<content id>/files/<id>        a picture, file or recording on a wall's card
    contents/<content id>/previews/<id>     a small picture of it
    forms/<content id>/<version>.json       the frozen questions and the answers
    materials/<id>/material.json            what is said of a file, a link or something off the platform
    materials/<id>/file                     its newest file, as it was handed over
    forum/<thread id>.json                  a thread of the forum and its posts
    debates/<id>.json                       a debate: motion, turns, and its votes once it is closed
    pages.json                              the tree of pages
    plan.json                               activities, meetings and teams
    meetings/<id>.json                      what is kept of a meeting that was held
    messages.json                           the chat
    agreement.json                          what the founders signed; in the first snapshot alone
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crdt_docs.content import KINDS
from hub.card_choices import count_choices, votes_by_card
from hub.context import Context
from hub.errors import Conflict
from hub.lane_names import ALL, circle_of, room_of, subject_of
from hub.snapshot_parts import read_debates, read_forum, read_plan
from storage import ports
from storage.canonical_json import canonical_json
from storage.records import Content, ContentId, Message, Snapshot, TwinspaceId, User
from storage.snapshots import commit

CONTENT_FILE = "content.json"
PLAN_FILE = "plan.json"
TRIES = 3
"""Somebody else may take a snapshot of the same TwinSpace at the same moment; three at once are a fault."""


async def take(
    context: Context,
    twinspace_id: TwinspaceId,
    title: str,
    taken_by: User,
    *,
    cause: str = "named",
    files: Mapping[str, str] | None = None,
    only_first: bool = False,
) -> tuple[Snapshot, int]:
    """Returns the new link of the chain and how many contents it holds. Raise Conflict when others are quicker.

    `files` are more of the tree: path → blob. With `only_first` a chain that has begun already stays as it is.
    """
    more = dict(files or {})
    for _ in range(TRIES):
        contents = await context.storage.contents.of_twinspace(twinspace_id)
        if only_first and (chain := await context.storage.snapshots.of_twinspace(twinspace_id)):
            return chain[0], len(contents)
        hidden = await context.storage.safety.hidden_ids(twinspace_id, "content")
        contents = [content for content in contents if content.id not in hidden]
        files = dict(more)
        for content in contents:
            files |= await _keep_content(context, content)
            await context.content_changes.write(content.id)
            if content.kind == "form":
                files |= await _keep_answers(context, content.id)
        files |= await _keep_materials(context, twinspace_id)
        for path, kept in {
            **await read_forum(context, twinspace_id),
            **await read_debates(context, twinspace_id),
            PLAN_FILE: await read_plan(context, twinspace_id),
        }.items():
            files[path] = await _put_json(context, kept)
        files |= await _keep_meetings(context, twinspace_id)
        files["pages.json"] = await _put_json(context, await _read_pages(context, twinspace_id))
        files["messages.json"] = await _put_json(context, await _read_messages(context, twinspace_id))
        try:
            snapshot = await commit(
                context.storage,
                twinspace_id,
                files,
                title=title,
                cause=cause,
                taken_by=taken_by.id,
                taken_at_ms=context.now_ms(),
                only_first=only_first,
            )
        except ports.Conflict:
            continue
        return snapshot, len(contents)
    raise Conflict


def content_path(content_id: str) -> str:
    return f"contents/{content_id}/{CONTENT_FILE}"


def kept_contents(tree: dict[str, str]) -> dict[str, str]:
    """Content id → blob, of the contents that a tree holds."""
    found = {}
    for path, blob in tree.items():
        match path.split("/"):
            case ["contents", content_id, file] if file == CONTENT_FILE:
                found[content_id] = blob
    return found


def card_file_path(content_id: str, file_id: str) -> str:
    return f"contents/{content_id}/files/{file_id}"


def card_preview_path(content_id: str, file_id: str) -> str:
    return f"contents/{content_id}/previews/{file_id}"


async def _keep_content(context: Context, content: Content) -> dict[str, str]:
    blocks = await context.live_docs.read(content.id, content.kind, KINDS[content.kind].blocks)
    polls = [block for block in blocks if block["type"] == "card" and block["options"]]
    votes = await votes_by_card(context, content.id) if polls else {}
    for poll in polls:
        poll["counts"] = [count.model_dump() for count in count_choices(poll["options"], votes.get(poll["id"], ()))]
    shown = {"content_id": content.id, "kind": content.kind, "title": content.title, "blocks": blocks}
    on_cards = {block["file_id"] for block in blocks if block.get("file_id")}
    files = [file for file in await context.storage.cards.files(content.id) if file.id in on_cards]
    return {
        **{card_file_path(content.id, file.id): file.blob for file in files},
        **{card_preview_path(content.id, file.id): file.preview for file in files if file.preview is not None},
        content_path(content.id): await _put_json(context, shown),
        f"contents/{content.id}/state.yjs": await context.storage.blobs.put(await context.live_docs.state(content.id)),
    }


async def _keep_answers(context: Context, content_id: ContentId) -> dict[str, str]:
    forms = context.storage.forms
    try:
        newest = (await forms.latest_version(content_id)).version
    except ports.NotFound:
        return {}
    files: dict[str, str] = {}
    for number in range(1, newest + 1):
        version = await forms.get_version(content_id, number)
        responses = await forms.responses(content_id, number)
        kept = {
            "version": number,
            "definition": _without_fractions(version.definition),
            "published_by": version.published_by,
            "published_at_ms": version.published_at_ms,
            "responses": [
                {
                    "user_id": response.user_id,
                    "school_id": response.school_id,
                    "answers": _without_fractions(response.answers),
                    "submitted_at_ms": response.submitted_at_ms,
                }
                for response in sorted(responses, key=lambda response: response.user_id)
            ],
        }
        if version.definition.get("anonymous"):
            anonymous = await forms.anonymous_responses(content_id, number)
            kept["anonymous_responses"] = [
                {"school_id": each.school_id, "answers": _without_fractions(each.answers)} for each in anonymous
            ]
        if tallies := await forms.tallies(content_id, number):
            kept["tallies"] = [
                {"school_id": each.school_id, "title": each.title, "pupils": each.pupils, "counts": each.counts}
                for each in tallies
            ]
        files[f"forms/{content_id}/{number}.json"] = await _put_json(context, kept)
    return files


def _without_fractions(value: Any) -> Any:
    """Canonical JSON has whole numbers only: 2.5 is kept as text."""
    match value:
        case dict():
            return {key: _without_fractions(each) for key, each in value.items()}
        case list():
            return [_without_fractions(each) for each in value]
        case float() if not value.is_integer():
            return str(value)
        case _:
            return value


async def _keep_materials(context: Context, twinspace_id: TwinspaceId) -> dict[str, str]:
    """The files' blobs are there already: a snapshot only names them."""
    newest = await context.storage.materials.newest_files(twinspace_id)
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "material")
    files: dict[str, str] = {}
    for material in await context.storage.materials.of_twinspace(twinspace_id):
        if material.id in hidden:
            continue
        kept = {
            "material_id": material.id,
            "kind": material.kind,
            "title": material.title,
            "folder": material.folder,
            "text": material.text,
            "url": material.url,
            "alt": material.alt,
            "licence": material.licence,
            "happened_at_ms": material.happened_at_ms,
            "recorded_at_ms": material.created_at_ms,
            "recorded_by": material.created_by,
            "pictured": [*material.pictured],
        }
        if (file := newest.get(material.id)) is not None:
            kept |= {"filename": file.filename, "media_type": file.media_type, "version": file.version}
            files[f"materials/{material.id}/file"] = file.blob
        files[f"materials/{material.id}/material.json"] = await _put_json(context, kept)
    return files


async def _keep_meetings(context: Context, twinspace_id: TwinspaceId) -> dict[str, str]:
    """Those that have ended; who was there is not in it."""
    files: dict[str, str] = {}
    for meeting in await context.storage.held_meetings.of_twinspace(twinspace_id):
        if meeting.ended_at_ms is not None:
            kept = {
                "held_id": meeting.id,
                "room_id": meeting.room_id,
                "title": meeting.title,
                "agenda": meeting.agenda,
                "started_at_ms": meeting.started_at_ms,
                "ended_at_ms": meeting.ended_at_ms,
                **meeting.record,
            }
            files[f"meetings/{meeting.id}.json"] = await _put_json(context, kept)
    return files


async def _read_pages(context: Context, twinspace_id: TwinspaceId) -> list[dict[str, Any]]:
    pages = await context.storage.pages.of_twinspace(twinspace_id)
    return [{"content_id": p.content_id, "parent_id": p.parent_id, "position": p.position} for p in pages]


async def _read_messages(context: Context, twinspace_id: TwinspaceId) -> list[dict[str, Any]]:
    """Of the lanes that every member reads, without the hidden ones: what becomes of them is not decided yet."""
    kept: list[dict[str, Any]] = []
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "message")
    breakout_rooms = {room.id for room in await context.storage.twinspaces.rooms(twinspace_id) if room.parent_id}
    for lane in sorted(await context.storage.messages.lanes(twinspace_id)):
        rung, _ = circle_of(lane, is_breakout=room_of(lane) in breakout_rooms)
        if rung != "twinspace":
            continue
        seq = 0
        while found := await context.storage.messages.since(twinspace_id, seq, 500, lane):
            kept += [_kept_message(message) for message in found if subject_of(lane, message.seq) not in hidden]
            seq = found[-1].seq
    return kept


def _kept_message(message: Message) -> dict[str, Any]:
    said = {"seq": message.seq, "user_id": message.user_id, "text": message.text, "posted_at_ms": message.posted_at_ms}
    return said if message.lane == ALL else {**said, "lane": message.lane}


async def _put_json(context: Context, value: Any) -> str:
    return await context.storage.blobs.put(canonical_json(value))
