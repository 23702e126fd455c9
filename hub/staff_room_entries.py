"""What teachers make for each other, in the form in which the search index keeps it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from hub.form_templates import words_of_form
from storage.ports import Storage
from storage.records import (
    Debate,
    HelpQuestion,
    Idea,
    Material,
    Post,
    Profile,
    Resource,
    School,
    SearchEntry,
    Thread,
    TwinspaceId,
    User,
)
from storage.words import folded_words

DAY_MS = 24 * 60 * 60 * 1000


def facet(name: str, value: str) -> str:
    """`subject:computer-science`: the form in which entries and searches name what they are narrowed to."""
    return f"{name}:{'-'.join(folded_words(value))}"


def profile_entry(profile: Profile, user: User, school: School) -> SearchEntry:
    return SearchEntry(
        kind="profile",
        id=user.id,
        title=user.display_name,
        text="\n".join([profile.about, ", ".join(profile.subjects), school.name, school.city]),
        created_by=user.id,
        at_ms=profile.changed_at_ms,
        facets=(facet("country", school.country), *_facets(profile.stages, profile.subjects, profile.languages)),
    )


def idea_entry(idea: Idea, school: School) -> SearchEntry:
    """Found until the end of its last day."""
    last_day = datetime.datetime.combine(datetime.date.fromisoformat(idea.open_until), datetime.time(), datetime.UTC)
    return SearchEntry(
        kind="idea",
        id=idea.id,
        title=idea.title,
        text="\n".join([idea.text, ", ".join(idea.subjects)]),
        created_by=idea.user_id,
        at_ms=idea.changed_at_ms,
        facets=(facet("country", school.country), *_facets([idea.stage], idea.subjects, idea.languages)),
        until_ms=int(last_day.timestamp() * 1000) + DAY_MS,
    )


def post_entry(thread: Thread, post: Post) -> SearchEntry:
    return SearchEntry(
        kind="thread",
        id=f"{post.thread_id}:{post.seq}",
        title=thread.title,
        text=post.text,
        created_by=post.user_id,
        at_ms=post.edited_at_ms or post.posted_at_ms,
        twinspace_id=thread.twinspace_id,
        place=thread.id,
        item_id=thread.id,
    )


def resource_entry(resource: Resource) -> SearchEntry:
    """A form template is found by what it asks as well, in every language that it is written in."""
    languages, asked = [resource.language], []
    if resource.form is not None:
        languages += [tag for tag in resource.form["languages"] if tag != resource.language]
        asked = list(words_of_form(resource.form))
    return SearchEntry(
        kind="resource",
        id=resource.id,
        title=resource.title,
        text="\n".join([resource.text, ", ".join(resource.subjects), *asked]),
        created_by=resource.submitted_by,
        at_ms=resource.decided_at_ms or resource.submitted_at_ms,
        facets=(facet("sort", resource.sort), *_facets(resource.stages, resource.subjects, languages)),
    )


def question_entry(question: HelpQuestion) -> SearchEntry:
    """One that is answered for everybody."""
    return SearchEntry(
        kind="question",
        id=question.id,
        title=question.title,
        text="\n".join([question.text, question.answer]),
        created_by=question.asked_by,
        at_ms=question.changed_at_ms,
        facets=(facet("language", question.language),),
    )


def debate_entry(debate: Debate) -> SearchEntry:
    return SearchEntry(
        kind="debate",
        id=debate.id,
        title=debate.motion,
        text="",
        created_by=debate.created_by,
        at_ms=debate.created_at_ms,
        twinspace_id=debate.twinspace_id,
        item_id=debate.id,
    )


def material_entry(material: Material) -> SearchEntry:
    """By its title and what is said of it; what a file holds is not read."""
    return SearchEntry(
        kind="file",
        id=material.id,
        title=material.title,
        text="\n".join(filter(None, [material.text, material.alt, material.folder])),
        created_by=material.created_by,
        at_ms=material.changed_at_ms,
        twinspace_id=material.twinspace_id,
        place=material.kind,
        item_id=material.id,
        school_id=material.school_id,
        visibility=material.visibility,
        team_id=material.team_id,
    )


async def all_entries(storage: Storage) -> list[SearchEntry]:
    """Everything of these kinds that is to be found, for an index that is made again."""
    entries: list[SearchEntry] = []
    for profile in await storage.partners.profiles():
        user = await storage.users.get_user(profile.user_id)
        if profile.is_listed and user.state == "active":
            entries.append(profile_entry(profile, user, await storage.users.get_school(user.school_id)))
    for idea in await storage.partners.ideas():
        user = await storage.users.get_user(idea.user_id)
        entries.append(idea_entry(idea, await storage.users.get_school(user.school_id)))
    entries += [resource_entry(resource) for resource in await storage.shelf.all(state="listed")]
    entries += [question_entry(question) for question in await storage.help_desk.all(is_faq=True)]
    for twinspace_id in (None, *(twinspace.id for twinspace in await storage.twinspaces.all())):
        for thread in await all_threads(storage, twinspace_id):
            entries += await _thread_entries(storage, thread)
        if twinspace_id is not None:
            entries += map(debate_entry, await storage.debates.of_twinspace(twinspace_id))
            entries += map(material_entry, await storage.materials.of_twinspace(twinspace_id))
    return entries


async def all_threads(storage: Storage, twinspace_id: TwinspaceId | None) -> list[Thread]:
    """Of a TwinSpace; None: at large."""
    threads: list[Thread] = []
    while found := await storage.forum.threads(twinspace_id, 100, len(threads)):
        threads += found
    return threads


async def _thread_entries(storage: Storage, thread: Thread) -> list[SearchEntry]:
    """Of what is hidden at large nothing is indexed; in TwinSpaces the index itself leaves out what is hidden."""
    posts = await storage.forum.posts(thread.id, 0, thread.post_count)
    hidden: frozenset[str] = frozenset()
    if thread.twinspace_id is None:
        hidden = await storage.help_desk.hidden_among("post", [f"{thread.id}:{post.seq}" for post in posts])
        if await storage.help_desk.hidden_among("thread", [thread.id]):
            return []
    return [
        post_entry(thread, post) for post in posts if not post.is_removed and f"{thread.id}:{post.seq}" not in hidden
    ]


def _facets(stages: Iterable[str], subjects: Iterable[str], languages: Iterable[str]) -> list[str]:
    named = (("stage", stages), ("subject", subjects), ("language", languages))
    return [facet(name, value) for name, values in named for value in values]
