"""Erases for good: a message, a card, a content, a person. Nothing is left in database, index, files, logs, snapshots.

Each function takes the thing out of everything that holds it; `leave_no_byte` afterwards rewrites what still holds what
was deleted. Both may be done again after a failure.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from crdt_docs.authorship import Entry, continue_history
from crdt_docs.content import KINDS, answer_sheet, rubric, wall, wall_talk, whiteboard
from crdt_docs.content.questions import TYPES
from crdt_docs.erasure import rewrite_log
from crdt_docs.errors import Absent
from crdt_docs.update_header import EMPTY_UPDATE
from hub import personal_copies
from hub.content_parts import number_of, whole_id
from hub.context import Context
from hub.erased_parts import but_cards, but_comments, cards_of, drawn_by, renamed, text_of
from hub.errors import Unavailable
from hub.lane_names import parse_subject
from hub.logins import end_all_logins
from hub.phrases import phrase
from hub.redaction import Change, Redactor, is_message, is_of
from hub.snapshots import card_file_path, card_preview_path
from hub.staff_room_entries import all_threads, post_entry
from storage import ports
from storage.records import (
    Content,
    ContentId,
    DebateId,
    ErasureJob,
    ErasureJobId,
    Hidden,
    ThreadId,
    TwinspaceId,
    User,
    UserId,
)

logger = logging.getLogger(__name__)

Tell = Callable[[int], Awaitable[None]]
TRIES = 5
COPIES = "copies"
"""Where copies wait to be fetched, below the data folder."""
ERASED = {"erased": True}
"""What a hidden thing keeps that can't be shown again."""


async def erase_message(context: Context, twinspace_id: TwinspaceId, subject_id: str, *, by: UserId) -> None:
    """Raise storage's NotFound."""
    lane, seq = parse_subject(subject_id)
    await context.storage.erasure.erase_message(twinspace_id, seq, lane)
    await context.storage.search.erase("message", f"{twinspace_id}:{subject_id}")
    await Redactor(context, twinspace_id).messages(is_message(seq, lane))
    await _hide_for_good(context, twinspace_id, "message", subject_id, by)


async def erase_post(context: Context, twinspace_id: TwinspaceId, thread_id: ThreadId, seq: int, *, by: UserId) -> None:
    """Its place in the thread stays. Raise storage's NotFound."""
    await context.storage.forum.remove_post(thread_id, seq)
    await context.storage.search.erase("thread", f"{thread_id}:{seq}")
    await Redactor(context, twinspace_id).posts(thread_id, is_message(seq))
    await _hide_for_good(context, twinspace_id, "post", f"{thread_id}:{seq}", by)


async def erase_thread(context: Context, twinspace_id: TwinspaceId, thread_id: ThreadId, *, by: UserId) -> None:
    """With all that was answered in it. Raise storage's NotFound."""
    thread = await context.storage.forum.thread(thread_id)
    await context.storage.search.erase_item(thread_id)
    await Redactor(context, twinspace_id).whole(f"forum/{thread_id}.json")
    for seq in range(2, thread.post_count + 1):
        await context.storage.erasure.blank_reports(twinspace_id, "post", f"{thread_id}:{seq}")
    await _hide_for_good(context, twinspace_id, "thread", thread_id, by)
    await context.storage.forum.remove_thread(thread_id)


async def erase_debate(context: Context, twinspace_id: TwinspaceId, debate_id: DebateId, *, by: UserId) -> None:
    """Its motion, wherever it stands; who spoke how long, and the votes, stay without it. Raise storage's NotFound."""
    await context.storage.erasure.erase_debate(debate_id)
    await context.storage.search.erase_item(debate_id)
    await Redactor(context, twinspace_id).whole(f"debates/{debate_id}.json")
    await _hide_for_good(context, twinspace_id, "debate", debate_id, by)


async def erase_card(context: Context, content: Content, card_id: str, *, by: UserId) -> None:
    """With what was said to it, what waits for it, and its file."""
    await context.storage.gate.remove_of_card(content.id, card_id)
    await _erase_files(context, content, card_id)
    await _erase_from_wall(context, content, lambda doc: wall.remove_card(doc, card_id), by=by)
    await Redactor(context, content.twinspace_id).sealed(content.id, but_cards({card_id}))
    await _hide_for_good(context, content.twinspace_id, "card", f"{content.id}:{card_id}", by)


async def erase_comment(context: Context, content: Content, comment_id: str, *, by: UserId) -> None:
    await context.storage.gate.remove(content.id, "comment", comment_id)
    await _erase_from_wall(context, content, lambda doc: wall_talk.remove_comment(doc, comment_id), by=by)
    await Redactor(context, content.twinspace_id).sealed(content.id, but_comments({comment_id}))
    await _hide_for_good(context, content.twinspace_id, "comment", f"{content.id}:{comment_id}", by)


async def _erase_files(context: Context, content: Content, card_id: str | None) -> None:
    """Of a card, or of all cards of a wall: here and in every snapshot, unless something else is the same file."""
    redactor = Redactor(context, content.twinspace_id)
    for file in await context.storage.cards.remove(content.id, card_id):
        kept = {card_file_path: file.blob, card_preview_path: file.preview}
        for path_of, blob in kept.items():
            if blob is not None and not await context.storage.cards.is_used(blob):
                await redactor.whole(path_of(content.id, file.id))
                await context.storage.blobs.remove(blob)


async def _erase_from_wall(context: Context, content: Content, remove: Change, *, by: UserId) -> None:
    def take(doc: Any) -> bool:
        try:
            remove(doc)
        except Absent:
            return False
        return True

    await context.live_docs.edit(content.id, content.kind, take, user_id=by)
    await context.storage.search.erase_item(content.id)
    await Redactor(context, content.twinspace_id).content(content.id, content.kind, take)
    await _rewrite_log(context, content.id, None)


async def erase_content(context: Context, content: Content, *, by: UserId) -> None:
    """The document, wall or form as a whole. Hidden first, so that nobody writes in it any more."""
    await _hide_for_good(context, content.twinspace_id, "content", content.id, by)
    await context.live_docs.reauthorise(None, content.twinspace_id)
    await context.live_docs.state(content.id)
    await _erase_files(context, content, None)
    await context.storage.assessments.blank_passages(content.id)
    await context.storage.erasure.erase_content(content.id)
    await context.storage.search.erase_item(content.id)
    redactor = Redactor(context, content.twinspace_id)
    await redactor.content(content.id, content.kind, None)
    await redactor.sealed(content.id, None)
    await redactor.whole_forms(content.id)
    for each in await context.storage.contents.of_twinspace(content.twinspace_id):
        if each.id != content.id and whole_id(each.id) == content.id:
            await erase_content(context, each, by=by)


async def erase_person(context: Context, user: User, *, texts: bool, tell: Tell | None = None) -> None:
    """The account and everything by which the person can be known; with `texts` all that they wrote, too.

    `tell` hears how far it is, of a hundred.
    """
    await end_all_logins(context, user.id, "removed")
    rows = await context.storage.erasure.person_rows(user.id)
    twinspace_ids = sorted({TwinspaceId(str(row["twinspace_id"])) for row in rows.get("members", ())})
    school = await context.storage.users.get_school(user.school_id)
    name = phrase(f"former_{user.kind}", user.language, school=school.name)
    for place, twinspace_id in enumerate(twinspace_ids):
        await _erase_in(context, twinspace_id, user, name, texts=texts)
        if tell is not None:
            await tell(80 * (place + 1) // len(twinspace_ids))
    threads = await _own_threads(context, user, twinspace_ids) if texts else []
    for blob in await context.storage.erasure.erase_person(user.id, display_name=name, texts=texts):
        await context.storage.blobs.remove(blob)
    # The profile went with the account, and its title was the name.
    await context.storage.search.erase("profile", user.id)
    if texts:
        await context.storage.search.erase_author(user.id)
        await _index_again(context, threads)
    await asyncio.to_thread(_remove_letters, context.settings.data_dir / "outbox", user)


async def _own_threads(context: Context, user: User, twinspace_ids: Sequence[TwinspaceId]) -> list[ThreadId]:
    places: list[TwinspaceId | None] = [None, *twinspace_ids]
    threads = [thread for place in places for thread in await all_threads(context.storage, place)]
    return [thread.id for thread in threads if thread.created_by == user.id]


async def _index_again(context: Context, thread_ids: Sequence[ThreadId]) -> None:
    """Every answer is found by its thread's title too: now without it."""
    for thread_id in thread_ids:
        thread = await context.storage.forum.thread(thread_id)
        await context.storage.search.erase_item(thread_id)
        posts = await context.storage.forum.posts(thread_id, 0, thread.post_count)
        await context.storage.search.put([post_entry(thread, post) for post in posts if post.text])


async def _erase_in(context: Context, twinspace_id: TwinspaceId, user: User, name: str, *, texts: bool) -> None:
    redactor = Redactor(context, twinspace_id)
    await _erase_from_hidden(context, twinspace_id, user.id, None if texts else name)
    for content in await context.storage.contents.of_twinspace(twinspace_id):
        if KINDS[content.kind].has_talk:
            change = cards_of(user.id, None if texts else name)
            for file in await context.storage.cards.files(content.id) if texts else ():
                if file.uploaded_by == user.id and file.card_id is not None:
                    await _erase_files(context, content, file.card_id)
        elif texts:
            stored = await context.storage.doc_log.load(content.id)
            clients = {client for client, writer in stored.writers.items() if writer == user.id}
            if clients:
                await context.storage.assessments.blank_passages(content.id)
            change = (
                drawn_by(clients, context.live_docs.limits)
                if content.kind == whiteboard.KIND.name
                else text_of(clients, context.live_docs.limits)
            )
        else:
            continue
        await context.live_docs.edit(content.id, content.kind, change, user_id=None)
        await redactor.content(content.id, content.kind, change)
        if texts:
            await redactor.sealed(content.id, await _left_on_wall(context, content))
        await _rewrite_log(context, content.id, user.id if texts else None)
        if content.kind == rubric.KIND.name:
            await _redact_sealed(context, content)
        elif content.kind == answer_sheet.KIND.name:
            await _redact_handed_in(context, content)
        await context.storage.search.erase_item(content.id)
    if texts:
        await redactor.messages(is_of(user.id))
        await redactor.answers(None, is_of(user.id))
        await redactor.talk_of(user.id)
        for debate in await context.storage.debates.of_twinspace(twinspace_id):
            if debate.created_by == user.id:
                # Others' entries of the journal quote its motion.
                await context.storage.search.erase_item(debate.id)


async def _redact_sealed(context: Context, content: Content) -> None:
    """What was sealed says no more than what is left; who assessed by it finds the same criteria and levels."""
    left = await context.live_docs.read(content.id, content.kind, rubric.definition)
    try:
        await context.storage.seals.redact(content.id, left)
    except ports.NotFound:
        return


async def _redact_handed_in(context: Context, content: Content) -> None:
    """A sheet that was handed in says no word that is not in its document any more; what was chosen stays."""
    whole, number = whole_id(content.id), number_of(content.id)
    try:
        sealed = (await context.storage.seals.get(content.id)).sealed
        definition = (await context.storage.forms.get_version(whole, number)).definition
    except ports.NotFound:
        return
    if not isinstance(sealed, dict):
        return
    now = await context.live_docs.read(content.id, content.kind, lambda doc: answer_sheet.read_answers(doc, definition))
    written = {each["id"] for each in definition["questions"] if TYPES[each["type"]].tally == "texts"}
    left = {key: now.get(key) if key in written else answer for key, answer in sealed.items()}
    await context.storage.seals.redact(content.id, {key: each for key, each in left.items() if each is not None})


async def _left_on_wall(context: Context, content: Content) -> Callable[[list[Any]], list[Any]] | None:
    """What is sealed names nobody: of a wall what is still there today is not the erased person's. Of other kinds
    nothing is left, since nobody knows which words were theirs."""
    if content.kind != wall.KIND.name:
        return None
    there = await context.live_docs.read(content.id, content.kind, wall.blocks)
    card_ids = {card["id"] for card in there}
    comment_ids = {comment["id"] for card in there for comment in card["comments"]}

    def left(cards: list[Any]) -> list[Any]:
        return [
            {**card, "comments": [each for each in card["comments"] if each["id"] in comment_ids]}
            for card in cards
            if card["id"] in card_ids
        ]

    return left


async def _erase_from_hidden(context: Context, twinspace_id: TwinspaceId, user_id: UserId, name: str | None) -> None:
    """What they said to cards of others that are hidden, and are kept to be shown again."""
    safety = context.storage.safety
    for hidden in await safety.hidden(twinspace_id):
        kept = hidden.kept
        if hidden.kind != "card" or not isinstance(kept, dict) or "comments" not in kept:
            continue
        said = [renamed(each, user_id, name) for each in kept["comments"]]
        left = {
            **renamed(kept, user_id, name or kept["author_name"]),
            "comments": [each for each in said if each["author_id"] != user_id or name is not None],
            "marks": [each for each in kept["marks"] if each["user_id"] != user_id or name is not None],
        }
        if left != kept:
            await safety.show(twinspace_id, hidden.kind, hidden.subject_id)
            await safety.hide(replace(hidden, kept=left))


async def _rewrite_log(context: Context, content_id: ContentId, but: UserId | None) -> None:
    """Put a state without what was deleted in place of the log. Raise Unavailable when others are always quicker.

    What waits for something missing is kept, unless `but` wrote it: nobody has seen it yet.
    """
    log, limits = context.storage.doc_log, context.live_docs.limits
    for _ in range(TRIES):
        # An entry of its own, so that no state that was merged before this one can take its place.
        await log.append(content_id, [EMPTY_UPDATE], user_id=None, at_ms=context.now_ms())
        stored = await log.load(content_id)
        if not stored.entries:
            continue
        updates = [entry.update for entry in stored.entries]
        rewritten = await asyncio.to_thread(rewrite_log, stored.state, updates, limits)
        entries = [Entry(entry.update, entry.user_id, entry.written_at_ms) for entry in stored.entries]
        history = continue_history(stored.history, entries, limits).encode()
        aside = [(stored.entries[place].update, stored.entries[place].user_id) for place in rewritten.aside]
        if waiting := [(update, user_id) for update, user_id in aside if but is None or user_id != but]:
            await log.append_all(content_id, waiting, at_ms=context.now_ms())
        try:
            await log.compact(content_id, rewritten.state, stored.entries[-1].seq, history=history)
        except ports.Conflict:
            continue
        return
    raise Unavailable("The document is being written so fast that its log can't be rewritten now. Try again.")


async def ask_to_leave_no_byte(context: Context, asked_by: UserId) -> None:
    """For requests: `leave_no_byte` is done soon, whatever becomes of this process."""
    await ask_erasure(context, None, texts=False, asked_by=asked_by)


async def ask_erasure(context: Context, user_id: UserId | None, *, texts: bool, asked_by: UserId) -> ErasureJob:
    """Have it done in the background (`hub.erasure_work`); it is written down when this returns."""
    job = ErasureJob(ErasureJobId(secrets.token_urlsafe(18)), user_id, texts, asked_by, context.now_ms())
    job = await context.storage.erasure.add_job(job)
    await asyncio.to_thread(personal_copies.forget, context.settings.data_dir / COPIES)
    context.erasing.wake()
    return job


async def leave_no_byte(context: Context) -> None:
    """Rewrite the database's files, and make no copy go out that holds it. Raise Unavailable: do it again."""
    await asyncio.to_thread(personal_copies.forget, context.settings.data_dir / COPIES)
    await context.storage.erasure.scrub()


async def _hide_for_good(context: Context, twinspace_id: TwinspaceId, kind: str, subject_id: str, by: UserId) -> None:
    """Whatever still knows of it shows it nowhere; the place that it had says that it is gone."""
    safety = context.storage.safety
    try:
        await safety.show(twinspace_id, kind, subject_id)
    except ports.NotFound:
        pass
    await safety.hide(Hidden(twinspace_id, kind, subject_id, None, "", ERASED, by, context.now_ms()))


def _remove_letters(outbox: Path, user: User) -> None:
    """Letters that wait in the folder instead of leaving by SMTP."""
    for path in outbox.glob("*.eml") if outbox.is_dir() else ():
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        text = str(letter.get_content()) if not letter.is_multipart() else letter.as_string()
        if (user.email and user.email in str(letter["To"])) or user.display_name in text:
            path.unlink(missing_ok=True)
