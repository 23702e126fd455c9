"""Gathers everything that the hub knows about one person, in files that people and programs can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crdt_docs.content import KINDS, wall, wall_talk
from hub.assessing import by
from hub.authorship import read_authorship
from hub.context import Context
from hub.errors import HubError
from hub.personal_copies import Files, as_json
from hub.phrases import phrase
from storage import ports
from storage.records import Assessment, Content, Rating, TwinspaceId, User


async def gather(context: Context, user: User, tell: Callable[[int], None]) -> Files:
    rows = await context.storage.erasure.person_rows(user.id)
    school = await context.storage.users.get_school(user.school_id)
    read_me = phrase("copy_read_me", user.language, name=user.display_name, school=school.name)
    files: Files = {"README.txt": read_me.encode(), "data/account.json": as_json(rows.pop("users", []))}
    files |= {f"data/{table}.json": as_json(found) for table, found in rows.items()}
    tell(10)
    twinspace_ids = sorted({TwinspaceId(str(row["twinspace_id"])) for row in rows.get("members", ())})
    contents = [
        (twinspace_id, content)
        for twinspace_id in twinspace_ids
        for content in await context.storage.contents.of_twinspace(twinspace_id)
    ]
    for place, (_, content) in enumerate(contents):
        if (written := await _written_by(context, user, content)) is not None:
            files[f"written/{_file_name(content.title)}-{content.id}.txt"] = written.encode()
        tell(10 + 70 * (place + 1) // len(contents))
    recordings = []
    for twinspace_id in twinspace_ids:
        for recording in await context.storage.recordings.of_twinspace(twinspace_id):
            own = [file for file in recording.files if file["user_id"] == user.id]
            about = {"recording_id": recording.id, "started_at_ms": recording.started_at_ms}
            recordings += [{**about, **file} for file in own]
    files["data/recordings.json"] = as_json(recordings)
    for row in rows.get("material_files", ()):
        if row["blob"]:
            name = f"files/{row['material_id']}-{_file_name(str(row['filename']))}"
            files[name] = Path(context.storage.blobs.path(str(row["blob"])))
    for row in rows.get("card_files", ()):
        name = f"files/{row['id']}-{_file_name(str(row['filename']))}"
        files[name] = Path(context.storage.blobs.path(str(row["blob"])))
    given = await context.storage.assessments.given_to(user.id)
    files["data/assessments_given.json"] = as_json([await _given(context, user, *each) for each in given])
    tell(90)
    return files


async def _given(context: Context, user: User, assessment: Assessment, rating: Rating) -> dict[str, Any]:
    """What somebody said of this person's work, as the person reads it: whose a classmate's is, is the classmate's."""
    rater = await context.storage.users.get_user(rating.user_id)
    is_peers = by(assessment, rater) == "peer"
    return {
        "title": assessment.title,
        "rubric_id": assessment.rubric_id,
        "by": "a classmate" if is_peers else rater.display_name,
        "levels": rating.levels,
        "words": rating.words,
    }


async def _written_by(context: Context, user: User, content: Content) -> str | None:
    """What is there now of their text; None: nothing."""
    if content.kind in KINDS and KINDS[content.kind].has_talk:
        cards = await context.live_docs.read(content.id, content.kind, wall.cards)
        texts = [f"{card['title']}\n{card['text']}".strip() for card in cards if card["author_id"] == user.id]
        said = await context.live_docs.read(content.id, content.kind, wall_talk.comments)
        texts += [comment["text"] for comment in said if comment["author_id"] == user.id]
        return "\n\n".join(texts) or None
    try:
        await context.live_docs.settle(content.id)
        stored = await context.storage.doc_log.load(content.id)
        if user.id not in stored.writers.values() or content.kind not in KINDS:
            return None
        found = await read_authorship(context, content.id)
    except (HubError, ports.StorageError):
        return None
    parts = [("\n" if run.begins_text else "") + run.text for run in found.runs if run.user_id == user.id]
    return "".join(parts).strip() or None


def _file_name(title: str) -> str:
    """Safe on every file system, and inside of a ZIP."""
    return re.sub(r"[^\w.-]+", "_", title).strip("._")[:60] or "file"
