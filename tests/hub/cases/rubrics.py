"""Rubrics, and what is assessed by them."""

from __future__ import annotations

from typing import Any

from pycrdt import Array

from crdt_docs.content import rubric
from hub.sealing import digest_of
from storage.records import Assessment, AssessmentId, ContentId
from tests.hub.cases.case import Case
from tests.hub.world import World

RUBRIC = (("content_id", "rubric_id"),)
SEALED = (("content_id", "sealed_rubric_id"),)
AGREED: dict[str, Any] = {
    "levels": [{"id": "begun", "label": "Begun"}, {"id": "there", "label": "There"}],
    "criteria": [
        {"id": "sources", "label": "Sources", "cells": {"begun": "None is named", "there": "All are named"}},
        {"id": "voice", "label": "Voice", "cells": {}},
    ],
}


async def write_rubric(world: World, agreed: dict[str, Any] = AGREED) -> ContentId:
    """A rubric with these words in it; not sealed."""
    content_id = await world.create("rubric", "How we assess")

    def write(doc: Any) -> None:
        for name in (rubric.LEVELS, rubric.CRITERIA):
            doc.get(name, type=Array).clear()
        rubric.write(doc, agreed)

    await world.hub.context.live_docs.edit(content_id, "rubric", write, user_id=None)
    return content_id


async def seal_rubric(world: World, agreed: dict[str, Any] = AGREED) -> ContentId:
    """One that both schools have agreed on."""
    content_id = await write_rubric(world, agreed)
    for person in (world.founder, world.teacher):
        signing = {"digest": digest_of(agreed)}
        signed = await person.call("PUT", f"/api/v1/rubrics/{content_id}/signature", signing)
        assert signed.status == 200, signed
    return content_id


async def prepare(world: World, author: str) -> dict[str, str]:
    sealed_id = await seal_rubric(world)
    author_user = world.people[author].user or world.founder.user
    pupil, founder = world.pupil.user, world.founder.user
    assert author_user is not None and pupil is not None and founder is not None
    assessment = Assessment(
        id=AssessmentId(f"assessment-{sealed_id}"),
        twinspace_id=world.twinspace_id,
        rubric_id=sealed_id,
        title="A talk",
        subject={"kind": "member", "id": pupil.id, "part_id": None},
        assessed=(pupil.id,),
        assessors=tuple(sorted({author_user.id, pupil.id, founder.id})),
        created_by=founder.id,
        created_at_ms=1,
    )
    await world.hub.context.storage.assessments.add(assessment)
    return {
        "rubric_id": await write_rubric(world),
        "sealed_rubric_id": sealed_id,
        "assessment_id": assessment.id,
        "assessed_id": pupil.id,
    }


def _about_the_pupil(ids: dict[str, str]) -> dict[str, Any]:
    pupil_id = ids["assessed_id"]
    subject = {"kind": "member", "id": pupil_id}
    return {"title": "A talk", "subject": subject, "assessed_ids": [pupil_id], "assessor_ids": [pupil_id]}


ROUTES: dict[str, Case] = {
    "GET /api/v1/rubrics/{content_id}": Case(ids=RUBRIC),
    "PUT /api/v1/rubrics/{content_id}/signature": Case(lambda ids: {"digest": digest_of(AGREED)}, RUBRIC),
    "POST /api/v1/rubrics/{content_id}/comments": Case(
        lambda ids: {"client_comment_id": f"c-{ids['rubric_id']}", "criterion_id": "voice", "text": "Louder?"}, RUBRIC
    ),
    "POST /api/v1/rubrics/{content_id}/versions": Case(ids=SEALED),
    "GET /api/v1/twinspaces/{twinspace_id}/assessments": Case(),
    "POST /api/v1/rubrics/{content_id}/assessments": Case(_about_the_pupil, SEALED),
    "GET /api/v1/assessments/{assessment_id}": Case(),
    "PUT /api/v1/assessments/{assessment_id}/rating": Case(lambda ids: {"levels": {"voice": "there"}}),
    "PUT /api/v1/assessments/{assessment_id}/reveal": Case(lambda ids: {"reveal_at_ms": 2_000_000_000_000}),
    "DELETE /api/v1/assessments/{assessment_id}": Case(),
}
