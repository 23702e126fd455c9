"""Erasure in memory. There are no files to scrub."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from typing import Any

from storage.memory.rows import Rows, add, find
from storage.ports import NotFound
from storage.records import ContentId, DebateId, ErasureJob, ErasureJobId, Json, Redaction, TwinspaceId, UserId


class MemoryErasure:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def erase_message(self, twinspace_id: TwinspaceId, seq: int, lane: str = "all") -> None:
        self._rows.check_open()
        messages = self._rows.messages.get(twinspace_id, [])
        for place, message in enumerate(messages):
            if (message.lane, message.seq) == (lane, seq):
                messages[place] = replace(message, text="", versions=())
                return
        raise NotFound(f"{twinspace_id}/{seq}")

    async def blank_reports(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> None:
        for report in list(self._rows.reports.values()):
            if (report.twinspace_id, report.kind, report.subject_id) == (twinspace_id, kind, subject_id):
                self._rows.reports[report.id] = replace(report, excerpt="")

    async def erase_content(self, content_id: ContentId) -> None:
        self._rows.check_open()
        self._rows.contents[content_id] = replace(find(self._rows.contents, content_id), title="")
        if (doc := self._rows.docs.get(content_id)) is not None:
            doc.state, doc.history, doc.entries, doc.state_seq = None, None, [], 0
        self._forget_details({content_id})
        for key in [key for key in self._rows.form_responses if key[0] == content_id]:
            del self._rows.form_responses[key]
        for held in [key for key in self._rows.held_changes if key[0] == content_id]:
            del self._rows.held_changes[held]
        self._erase_answers(content_id)
        of_it = {each.id for each in self._rows.assessments.values() if each.rubric_id == content_id}
        self._rows.remove_assessments(of_it)
        for version in [key for key in self._rows.form_versions if key[0] == content_id]:
            del self._rows.form_versions[version]

    async def erase_debate(self, debate_id: DebateId) -> None:
        self._rows.check_open()
        self._rows.debates[debate_id] = replace(find(self._rows.debates, debate_id), motion="")
        self._forget_details({debate_id})

    async def erase_person(self, user_id: UserId, *, display_name: str, texts: bool) -> list[str]:
        self._rows.check_open()
        stored = find(self._rows.users, user_id)
        former = stored.user.display_name
        stored.user = replace(
            stored.user,
            name=f"erased:{secrets.token_urlsafe(9)}",
            display_name=display_name,
            email=None,
            class_name="",
            state="closed",
        )
        stored.password_hash = stored.class_key_hash = None
        for login_id in [login.id for login in self._rows.logins.values() if login.user_id == user_id]:
            del self._rows.logins[login_id]
        for member in self._rows.members.values():
            if member.member.user_id == user_id and member.present:
                member.present = False
                member.member = replace(member.member, epoch=member.member.epoch + 1)
        for key in [key for key in self._rows.form_drafts if key[2] == user_id]:
            del self._rows.form_drafts[key]
        self._rows.form_receipts -= {key for key in self._rows.form_receipts if key[2] == user_id}
        for voted in [key for key in self._rows.card_votes if key[2] == user_id]:
            del self._rows.card_votes[voted]
        self._leave_assessments(user_id)
        for entries in self._rows.journal.values():
            entries[:] = [replace(each, details=_without(each.details, former, display_name)) for each in entries]
        return self._erase_texts(user_id) if texts else []

    def _forget_details(self, subject_ids: Collection[str]) -> None:
        """What journal and notices say of these things."""
        for entries in self._rows.journal.values():
            entries[:] = [replace(each, details={}) if each.subject_id in subject_ids else each for each in entries]
        for told in self._rows.notices.values():
            told[:] = [replace(each, details={}) if each.subject_id in subject_ids else each for each in told]

    def _leave_assessments(self, user_id: UserId) -> None:
        rows = self._rows
        rows.remove_assessments({each.id for each in rows.assessments.values() if each.assessed == (user_id,)})
        for each in list(rows.assessments.values()):
            assessed, assessors = (
                tuple(other for other in people if other != user_id) for people in (each.assessed, each.assessors)
            )
            rows.assessments[each.id] = replace(each, assessed=assessed, assessors=assessors)

    def _erase_texts(self, user_id: UserId) -> list[str]:
        for rated in [key for key in self._rows.ratings if key[1] == user_id]:
            del self._rows.ratings[rated]
        own_debates = [debate for debate in self._rows.debates.values() if debate.created_by == user_id]
        self._rows.debates |= {debate.id: replace(debate, motion="") for debate in own_debates}
        self._forget_details({debate.id for debate in own_debates})
        for messages in self._rows.messages.values():
            messages[:] = [
                replace(each, text="", versions=()) if each.user_id == user_id else each for each in messages
            ]
        for said in self._rows.captions.values():
            said[:] = [replace(each, text="") if each.user_id == user_id else each for each in said]
        for key in [key for key in self._rows.form_responses if key[2] == user_id]:
            del self._rows.form_responses[key]
        for held in [key for key, row in self._rows.held_changes.items() if row.author_id == user_id]:
            del self._rows.held_changes[held]
        blobs = self._erase_card_files(user_id)
        for recording in list(self._rows.recordings.values()):
            blobs += [file["blob"] for file in recording.files if file.get("user_id") == user_id]
            kept = [file for file in recording.files if file.get("user_id") != user_id]
            self._rows.recordings[recording.id] = replace(recording, files=kept)
        for report in list(self._rows.reports.values()):
            words = "" if report.reporter_id == user_id else report.words
            excerpt = "" if report.author_id == user_id else report.excerpt
            self._rows.reports[report.id] = replace(report, words=words, excerpt=excerpt)
        for place, hidden in list(self._rows.hidden.items()):
            if hidden.author_id == user_id:
                self._rows.hidden[place] = replace(hidden, excerpt="", kept=None)
        return blobs

    def _erase_card_files(self, user_id: UserId) -> list[str]:
        files = self._rows.card_files
        own = [file for file in files.values() if file.uploaded_by == user_id]
        others = {file.blob for file in files.values() if file.uploaded_by != user_id}
        for file in own:
            del files[file.id]
        return [blob for file in own if file.blob not in others for blob in (file.blob, file.preview) if blob]

    def _erase_answers(self, content_id: ContentId) -> None:
        rows = self._rows
        rows.form_drafts = {key: row for key, row in rows.form_drafts.items() if key[0] != content_id}
        rows.sheet_signatures = {key: row for key, row in rows.sheet_signatures.items() if key[0] != content_id}
        rows.form_receipts -= {key for key in rows.form_receipts if key[0] == content_id}
        rows.anonymous_responses = {
            key: row for key, row in rows.anonymous_responses.items() if row.content_id != content_id
        }
        rows.class_tallies = {key: row for key, row in rows.class_tallies.items() if row.content_id != content_id}
        rows.seals.pop(content_id, None)

    async def person_rows(self, user_id: UserId) -> dict[str, list[dict[str, Json]]]:
        stored = find(self._rows.users, user_id)
        members = [each.member for each in self._rows.members.values() if each.member.user_id == user_id]
        own = [each for chat in self._rows.messages.values() for each in chat if each.user_id == user_id]
        consents = self._rows.consents.get(user_id, [])
        found: dict[str, Sequence[Any]] = {"users": [stored.user], "members": members}
        found |= {"messages": own, "consents": consents}
        return {name: [asdict(row) for row in rows] for name, rows in found.items() if rows}

    async def redact(self, redaction: Redaction) -> None:
        self._rows.check_open()
        self._rows.redactions[redaction.blob] = redaction

    async def redactions(self) -> dict[str, Redaction]:
        return dict(self._rows.redactions)

    async def add_job(self, job: ErasureJob) -> ErasureJob:
        self._rows.check_open()
        for user_id in (job.asked_by, job.user_id):
            if user_id is not None:
                find(self._rows.users, user_id)
        for known in self._rows.erasure_jobs.values():
            if (known.user_id, known.texts, known.state) == (job.user_id, job.texts, "waiting"):
                return known
        add(self._rows.erasure_jobs, job.id, job)
        return job

    async def get_job(self, job_id: ErasureJobId) -> ErasureJob:
        return find(self._rows.erasure_jobs, job_id)

    async def take_job(self, now_ms: int, until_ms: int) -> ErasureJob | None:
        free = [job for job in self._rows.erasure_jobs.values() if job.state != "done" and job.taken_until_ms <= now_ms]
        if not free:
            return None
        oldest = min(free, key=lambda job: (job.asked_at_ms, job.id))
        taken = self._rows.erasure_jobs[oldest.id] = replace(oldest, state="working", taken_until_ms=until_ms)
        return taken

    async def note_job(self, job_id: ErasureJobId, done: int, until_ms: int) -> None:
        found = find(self._rows.erasure_jobs, job_id)
        self._rows.erasure_jobs[job_id] = replace(found, done=done, taken_until_ms=until_ms)

    async def finish_job(self, job_id: ErasureJobId, at_ms: int) -> None:
        found = find(self._rows.erasure_jobs, job_id)
        self._rows.erasure_jobs[job_id] = replace(found, state="done", done=100, ended_at_ms=at_ms)

    async def scrub(self) -> None:
        self._rows.check_open()


def _without(value: Json, former: str, display_name: str) -> Json:
    if isinstance(value, str):
        return display_name if value == former else value
    if isinstance(value, list):
        return [_without(item, former, display_name) for item in value]
    if isinstance(value, dict):
        return {key: _without(item, former, display_name) for key, item in value.items()}
    return value
