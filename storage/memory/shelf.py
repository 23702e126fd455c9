"""The resource shelf, the help desk and the figures in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict
from storage.records import (
    BroughtThing,
    CountryCount,
    HelpNote,
    HelpQuestion,
    QuestionId,
    QuestionState,
    Resource,
    ResourceId,
    ResourceState,
    UserId,
)

OPEN_PHASES = ("idea", "before", "during", "after")


class MemoryShelf:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._resources: dict[ResourceId, Resource] = {}
        self._ratings: set[tuple[ResourceId, UserId]] = set()

    async def add(self, resource: Resource) -> None:
        self._rows.check_open()
        check_texts(resource.title, resource.text, resource.link, resource.licence, *resource.subjects)
        find(self._rows.users, resource.submitted_by)
        add(self._resources, resource.id, replace(resource, form=stored_json(resource.form)))

    async def get(self, resource_id: ResourceId) -> Resource:
        return find(self._resources, resource_id)

    async def all(self, *, state: ResourceState | None = None, submitted_by: UserId | None = None) -> list[Resource]:
        found = [
            resource
            for resource in self._resources.values()
            if state in (None, resource.state) and submitted_by in (None, resource.submitted_by)
        ]
        return sorted(found, key=lambda resource: (-resource.submitted_at_ms, resource.id))

    async def decide(
        self, resource_id: ResourceId, state: ResourceState, *, by: UserId, at_ms: int, reason: str
    ) -> Resource:
        self._rows.check_open()
        check_texts(reason)
        former = find(self._resources, resource_id)
        find(self._rows.users, by)
        decided = replace(former, state=state, decided_by=by, decided_at_ms=at_ms, reason=reason)
        self._resources[resource_id] = decided
        return decided

    async def remove(self, resource_id: ResourceId) -> None:
        self._rows.check_open()
        find(self._resources, resource_id)
        del self._resources[resource_id]
        self._ratings = {rating for rating in self._ratings if rating[0] != resource_id}

    async def rate(self, resource_id: ResourceId, user_id: UserId, is_useful: bool) -> None:
        self._rows.check_open()
        find(self._resources, resource_id)
        find(self._rows.users, user_id)
        self._ratings.discard((resource_id, user_id))
        if is_useful:
            self._ratings.add((resource_id, user_id))

    async def useful(self, resource_ids: Sequence[ResourceId]) -> dict[ResourceId, int]:
        rated = [resource_id for resource_id, _ in self._ratings]
        return {resource_id: rated.count(resource_id) for resource_id in resource_ids if resource_id in rated}

    async def rated_by(self, user_id: UserId) -> set[ResourceId]:
        return {resource_id for resource_id, rater in self._ratings if rater == user_id}


class MemoryHelpDesk:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._questions: dict[QuestionId, HelpQuestion] = {}
        self._notes: dict[QuestionId, list[HelpNote]] = {}
        self._brought: dict[QuestionId, BroughtThing] = {}

    async def ask(self, question: HelpQuestion, brought: BroughtThing | None = None) -> None:
        self._rows.check_open()
        check_texts(question.title, question.text, brought.excerpt if brought else None)
        find(self._rows.users, question.asked_by)
        if brought is not None:
            find(self._rows.users, brought.author_id)
        add(self._questions, question.id, question)
        self._notes[question.id] = []
        if brought is not None:
            for known in self._of(brought.kind, brought.subject_id):
                brought = replace(brought, hidden_by=known.hidden_by, hidden_at_ms=known.hidden_at_ms)
            self._brought[question.id] = brought

    async def get(self, question_id: QuestionId) -> HelpQuestion:
        return find(self._questions, question_id)

    async def all(
        self,
        *,
        asked_by: UserId | None = None,
        country: str | None = None,
        states: Sequence[QuestionState] = (),
        is_faq: bool | None = None,
    ) -> list[HelpQuestion]:
        found = [
            question
            for question in self._questions.values()
            if asked_by in (None, question.asked_by)
            and country in (None, question.country)
            and is_faq in (None, question.is_faq)
            and (not states or question.state in states)
        ]
        return sorted(found, key=lambda question: (question.changed_at_ms, question.id))

    async def take(
        self, question_id: QuestionId, owner_id: UserId, former_id: UserId | None, at_ms: int
    ) -> HelpQuestion:
        self._rows.check_open()
        question = find(self._questions, question_id)
        find(self._rows.users, owner_id)
        if question.owner_id != former_id:
            raise Conflict("Somebody else has taken this question.")
        state: QuestionState = "taken" if question.state == "open" else question.state
        self._questions[question_id] = replace(question, owner_id=owner_id, state=state, changed_at_ms=at_ms)
        return self._questions[question_id]

    async def write(
        self,
        question_id: QuestionId,
        user_id: UserId,
        text: str,
        at_ms: int,
        *,
        state: QuestionState,
        answer: str | None = None,
    ) -> HelpNote:
        self._rows.check_open()
        check_texts(text, answer)
        question = find(self._questions, question_id)
        find(self._rows.users, user_id)
        notes = self._notes[question_id]
        notes.append(HelpNote(question_id, len(notes) + 1, user_id, text, at_ms))
        counts = question.answer if answer is None else answer
        self._questions[question_id] = replace(question, state=state, answer=counts, changed_at_ms=at_ms)
        return notes[-1]

    async def notes(self, question_id: QuestionId) -> list[HelpNote]:
        return list(self._notes.get(question_id, []))

    async def set_faq(self, question_id: QuestionId, is_faq: bool) -> HelpQuestion:
        self._rows.check_open()
        self._questions[question_id] = replace(find(self._questions, question_id), is_faq=is_faq)
        return self._questions[question_id]

    async def brought(self, question_id: QuestionId) -> BroughtThing | None:
        return self._brought.get(question_id)

    async def hide_brought(self, kind: str, subject_id: str, by: UserId | None, at_ms: int) -> None:
        self._rows.check_open()
        for each in self._of(kind, subject_id):
            hidden_at_ms = None if by is None else at_ms
            self._brought[each.question_id] = replace(each, hidden_by=by, hidden_at_ms=hidden_at_ms)

    async def blank_brought(self, kind: str, subject_id: str) -> None:
        self._rows.check_open()
        for each in self._of(kind, subject_id):
            self._brought[each.question_id] = replace(each, excerpt="")

    async def hidden_among(self, kind: str, subject_ids: Sequence[str]) -> frozenset[str]:
        asked = set(subject_ids)
        hidden = [each for each in self._brought.values() if each.kind == kind and each.hidden_by is not None]
        return frozenset(each.subject_id for each in hidden if each.subject_id in asked)

    def _of(self, kind: str, subject_id: str) -> list[BroughtThing]:
        return [each for each in self._brought.values() if (each.kind, each.subject_id) == (kind, subject_id)]


class MemoryStatistics:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def by_country(self) -> list[CountryCount]:
        seen: set[tuple[str, str, str]] = set()
        for school in self._rows.schools.values():
            if school.state == "listed" and school.id not in self._rows.services:
                seen.add(("schools", school.country, school.id))
        for stored in self._rows.users.values():
            user = stored.user
            if user.kind in ("teacher", "pupil") and user.state == "active" and self._is_school(user.school_id):
                country = self._rows.schools[user.school_id].country
                seen.add((f"{user.kind}s", country, user.id))
        for kept in self._rows.members.values():
            member, user = kept.member, self._rows.users[kept.member.user_id].user
            is_open = self._rows.twinspaces[member.twinspace_id].phase in OPEN_PHASES
            if kept.present and member.role == "founder" and is_open and self._is_school(user.school_id):
                seen.add(("projects", self._rows.schools[user.school_id].country, member.twinspace_id))
        counted = sorted((measure, country) for measure, country, _ in seen)
        return [CountryCount(*place, counted.count(place)) for place in dict.fromkeys(counted)]

    def _is_school(self, school_id: str) -> bool:
        return school_id not in self._rows.services
