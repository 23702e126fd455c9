"""Forms and their answers in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict, NotFound
from storage.records import (
    AnonymousResponse,
    ClassTally,
    ContentId,
    FormDraft,
    FormResponse,
    FormVersion,
    Json,
    SchoolId,
    TallyId,
    UserId,
)


class MemoryForms:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def publish(
        self, content_id: ContentId, definition: Json, *, published_by: UserId, at_ms: int
    ) -> FormVersion:
        self._rows.check_open()
        find(self._rows.contents, content_id)
        find(self._rows.users, published_by)
        number = 1 + max((version for content, version in self._rows.form_versions if content == content_id), default=0)
        version = FormVersion(content_id, number, stored_json(definition), published_by, at_ms)
        self._rows.form_versions[content_id, number] = version
        return replace(version, definition=stored_json(definition))

    async def latest_version(self, content_id: ContentId) -> FormVersion:
        numbers = [version for content, version in self._rows.form_versions if content == content_id]
        if not numbers:
            raise NotFound(content_id)
        return await self.get_version(content_id, max(numbers))

    async def get_version(self, content_id: ContentId, version: int) -> FormVersion:
        found = find(self._rows.form_versions, (content_id, version))
        return replace(found, definition=stored_json(found.definition))

    async def put_response(self, response: FormResponse) -> bool:
        self._rows.check_open()
        find(self._rows.form_versions, (response.content_id, response.version))
        find(self._rows.users, response.user_id)
        find(self._rows.schools, response.school_id)
        key = (response.content_id, response.version, response.user_id)
        former = self._rows.form_responses.get(key)
        new = former is None
        at_ms = (
            response.submitted_at_ms if former is None else max(response.submitted_at_ms, former.submitted_at_ms + 1)
        )
        kept = replace(response, answers=stored_json(response.answers), submitted_at_ms=at_ms)
        self._rows.form_responses[key] = kept
        self._rows.form_drafts.pop(key, None)
        return new

    async def get_response(self, content_id: ContentId, version: int, user_id: UserId) -> FormResponse:
        found = find(self._rows.form_responses, (content_id, version, user_id))
        return replace(found, answers=stored_json(found.answers))

    async def responses(self, content_id: ContentId, version: int) -> list[FormResponse]:
        here = [
            replace(response, answers=stored_json(response.answers))
            for response in self._rows.form_responses.values()
            if (response.content_id, response.version) == (content_id, version)
        ]
        return sorted(here, key=lambda response: (response.submitted_at_ms, response.user_id))

    async def stamps(self, content_id: ContentId, version: int) -> dict[UserId, int]:
        rows = self._rows.form_responses
        return {key[2]: row.submitted_at_ms for key, row in rows.items() if key[:2] == (content_id, version)}

    async def responses_of(
        self, content_id: ContentId, version: int, user_ids: Collection[UserId]
    ) -> list[FormResponse]:
        return [each for each in await self.responses(content_id, version) if each.user_id in set(user_ids)]

    async def count_responses(self, content_id: ContentId, version: int) -> int:
        by_name = sum(key[:2] == (content_id, version) for key in self._rows.form_responses)
        return by_name + len(await self.anonymous_responses(content_id, version))

    async def put_anonymous(self, response: AnonymousResponse, user_id: UserId, *, batch_size: int) -> None:
        self._rows.check_open()
        version = (response.content_id, response.version)
        find(self._rows.form_versions, version)
        find(self._rows.users, user_id)
        find(self._rows.schools, response.school_id)
        if (*version, user_id) in self._rows.form_receipts:
            raise Conflict(f"{response.content_id}/{response.version}")
        here = await self.anonymous_responses(*version)
        batch = sum(each.school_id == response.school_id for each in here) // batch_size
        kept = replace(response, batch=batch, answers=stored_json(response.answers))
        add(self._rows.anonymous_responses, response.id, kept)
        self._rows.form_receipts.add((*version, user_id))

    async def anonymous_responses(self, content_id: ContentId, version: int) -> list[AnonymousResponse]:
        rows = self._rows.anonymous_responses
        here = [rows[key] for key in sorted(rows) if (rows[key].content_id, rows[key].version) == (content_id, version)]
        return [replace(each, answers=stored_json(each.answers)) for each in here]

    async def batches(self, content_id: ContentId, version: int) -> dict[tuple[SchoolId, int], int]:
        return Counter((each.school_id, each.batch) for each in await self.anonymous_responses(content_id, version))

    async def anonymous_of(
        self, content_id: ContentId, version: int, school_id: SchoolId, batch: int
    ) -> list[AnonymousResponse]:
        here = await self.anonymous_responses(content_id, version)
        return [each for each in here if (each.school_id, each.batch) == (school_id, batch)]

    async def has_answered(self, content_id: ContentId, version: int, user_id: UserId) -> bool:
        return (content_id, version, user_id) in self._rows.form_receipts

    async def put_draft(
        self, content_id: ContentId, version: int, user_id: UserId, changes: Mapping[str, Json], *, at_ms: int
    ) -> FormDraft:
        self._rows.check_open()
        find(self._rows.form_versions, (content_id, version))
        find(self._rows.users, user_id)
        key = (content_id, version, user_id)
        former = self._rows.form_drafts.get(key, FormDraft(content_id, version, user_id, {}, at_ms, at_ms))
        answers = {name: answer for name, answer in {**former.answers, **changes}.items() if answer is not None}
        draft = replace(former, answers=stored_json(answers), changed_at_ms=at_ms)
        self._rows.form_drafts[key] = draft
        return replace(draft, answers=stored_json(answers))

    async def get_draft(self, content_id: ContentId, user_id: UserId) -> FormDraft:
        versions = [key[1] for key in self._rows.form_drafts if (key[0], key[2]) == (content_id, user_id)]
        if not versions:
            raise NotFound(content_id)
        draft = self._rows.form_drafts[content_id, max(versions), user_id]
        return replace(draft, answers=stored_json(draft.answers))

    async def put_tally(self, tally: ClassTally) -> bool:
        self._rows.check_open()
        check_texts(tally.title)
        find(self._rows.form_versions, (tally.content_id, tally.version))
        find(self._rows.users, tally.entered_by)
        find(self._rows.schools, tally.school_id)
        new = tally.id not in self._rows.class_tallies
        self._rows.class_tallies[tally.id] = replace(tally, counts=stored_json(tally.counts))
        return new

    async def get_tally(self, tally_id: TallyId) -> ClassTally:
        return find(self._rows.class_tallies, tally_id)

    async def tallies(self, content_id: ContentId, version: int) -> list[ClassTally]:
        rows = self._rows.class_tallies.values()
        here = [each for each in rows if (each.content_id, each.version) == (content_id, version)]
        return sorted(here, key=lambda tally: (tally.entered_at_ms, tally.id))

    async def remove_tally(self, tally_id: TallyId) -> None:
        self._rows.check_open()
        find(self._rows.class_tallies, tally_id)
        del self._rows.class_tallies[tally_id]
