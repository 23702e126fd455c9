"""Rubrics: two schools agree on one, it is sealed for good, and the next version starts from it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pycrdt import Doc, Text

from hub.erasure import erase_person
from hub.sealing import digest_of
from storage.records import ContentId
from tests.hub.cases.rubrics import AGREED, seal_rubric, write_rubric
from tests.hub.world import World
from tests.hub.yjs_client import open_collab

pytestmark = pytest.mark.asyncio(loop_scope="session")


def typed(name: str, text: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc.get(name, type=Text).insert(0, text)
    return doc.get_update()


async def test_CR4_pupils_of_both_schools_write_it_and_both_schools_seal_it(world: World) -> None:
    rubric_id = await write_rubric(world)
    path = f"/api/v1/rubrics/{rubric_id}"
    kasia = await world.add("pupil", "pupil", "b")
    async with open_collab(world.pupil, rubric_id) as lucia, open_collab(kasia, rubric_id) as kuba:
        assert (await lucia.sign_in(world.pupil.token or ""))[1] == "read-write"
        assert (await kuba.sign_in(kasia.token or ""))[1] == "read-write"
        # Two begin the same empty cell: neither's words are lost.
        assert await lucia.update(typed("cell:voice|there", "clear "))
        assert await kuba.update(typed("cell:voice|there", "loud "))
        seen = await world.founder.get(path)
        words = seen["criteria"][1]["cells"]["there"]
        assert sorted(words.split()) == ["clear", "loud"]
        assert (seen["fault"], seen["sealed_at_ms"], seen["number"]) == (None, None, 1)
        assert seen["school_ids"] == ["school-a", "school-b"]

        signing = {"digest": seen["digest"]}
        first = await world.founder.call("PUT", f"{path}/signature", signing)
        assert (first.status, first.body["sealed_at_ms"]) == (200, None)
        assert await lucia.update(typed("cell:voice|begun", "low"))
        stale = await world.teacher.call("PUT", f"{path}/signature", signing)
        assert (stale.status, stale.body["field"]) == (409, "digest")
        signing = {"digest": (await world.teacher.get(path))["digest"]}
        for person in (world.teacher, world.founder):
            signed = await person.call("PUT", f"{path}/signature", signing)
            assert signed.status == 200, signed
        assert signed.body["sealed_at_ms"] is not None and signed.body["digest"] == signing["digest"]
        # Whoever still has it open, with a client of their own making, changes nothing.
        assert not await lucia.update(typed("level:there", "Perfect "))
        assert (await kuba.sign_in(kasia.token or ""))[1] != "read-write"
    assert (await world.pupil.get(path))["digest"] == signing["digest"]
    again = await world.founder.call("PUT", f"{path}/signature", signing)
    assert (again.status, again.code) == (409, "conflict")
    journal = await world.pupil.get(f"{world.path}/journal")
    assert "rubric_sealed" in [entry["verb"] for entry in journal["entries"]]


async def test_a_rubric_that_nobody_could_use_is_not_sealed(world: World) -> None:
    nameless = {**AGREED, "criteria": [{"id": "voice", "label": "", "cells": {}}]}
    rubric_id = await write_rubric(world, nameless)
    seen = await world.founder.get(f"/api/v1/rubrics/{rubric_id}")
    assert seen["fault"] == {"field": "voice", "sentence": "Criterion 1 has no words yet."}
    signing = {"digest": digest_of(nameless)}
    refused = await world.founder.call("PUT", f"/api/v1/rubrics/{rubric_id}/signature", signing)
    assert (refused.status, refused.body["field"]) == (400, "voice")
    begun = await world.founder.call("POST", f"/api/v1/rubrics/{rubric_id}/versions")
    assert (begun.status, begun.code) == (409, "conflict")


async def test_sealed_by_everybody_at_once_it_has_one_outcome(world: World) -> None:
    rubric_id = await write_rubric(world)
    path, signing = f"/api/v1/rubrics/{rubric_id}", {"digest": digest_of(AGREED)}
    people = [world.founder, world.teacher] * 3
    answers = await asyncio.gather(*(person.call("PUT", f"{path}/signature", signing) for person in people))
    assert {answer.status for answer in answers} <= {200, 409}
    seen = await world.pupil.get(path)
    assert seen["sealed_at_ms"] is not None and seen["digest"] == signing["digest"]
    seal = await world.hub.context.storage.seals.get(ContentId(rubric_id))
    assert seal.sealed == AGREED and seal.sealed_at_ms == seen["sealed_at_ms"]


async def test_the_next_version_starts_with_what_was_sealed_and_is_begun_once(world: World) -> None:
    rubric_id = await seal_rubric(world)
    path = f"/api/v1/rubrics/{rubric_id}/versions"
    begun = await asyncio.gather(*(person.call("POST", path) for person in (world.founder, world.teacher)))
    assert [answer.status for answer in begun] == [201, 201]
    assert begun[0].body["id"] == begun[1].body["id"]
    second = await world.pupil.get(f"/api/v1/rubrics/{begun[0].body['id']}")
    assert (second["number"], second["sealed_at_ms"], second["digest"]) == (2, None, digest_of(AGREED))
    assert [version["content_id"] for version in second["versions"]] == [rubric_id, second["content_id"]]
    assert [version["sealed_at_ms"] is None for version in second["versions"]] == [False, True]
    listed = await world.pupil.get(f"{world.path}/contents")
    assert {rubric_id, second["content_id"]} <= {content["id"] for content in listed["contents"]}
    refused = await world.pupil.call("POST", path)
    assert refused.status == 404


async def test_what_a_rubric_says_is_found_and_kept(world: World) -> None:
    rubric_id = await seal_rubric(world)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Kept"})
    kept = await world.pupil.get(f"/api/v1/snapshots/{taken.body['id']}/contents/{rubric_id}")
    assert kept["blocks"] == [{"type": "rubric", **AGREED, "comments": []}]


async def test_what_somebody_wrote_in_it_goes_with_them_also_from_what_was_sealed(world: World) -> None:
    rubric_id = await write_rubric(world)
    path, leaver = f"/api/v1/rubrics/{rubric_id}", await world.add("pupil", "pupil", "a")
    async with open_collab(leaver, rubric_id) as door:
        assert (await door.sign_in(leaver.token or ""))[1] == "read-write"
        assert await door.update(typed("cell:voice|there", "Unmistakable"))
    signing = {"digest": (await world.founder.get(path))["digest"]}
    for person in (world.founder, world.teacher):
        assert (await person.call("PUT", f"{path}/signature", signing)).status == 200
    context = world.hub.context
    assert leaver.user is not None
    await erase_person(context, leaver.user, texts=True)
    seen = await world.founder.get(path)
    assert seen["sealed_at_ms"] is not None and "Unmistakable" not in str(seen)
    assert "Unmistakable" not in str(await context.storage.seals.get(rubric_id))
    # Whatever was assessed by it still fits.
    assert [each["id"] for each in seen["criteria"]] == ["sources", "voice"]
    assert seen["criteria"][0]["cells"] == AGREED["criteria"][0]["cells"]
