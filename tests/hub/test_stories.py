"""The stories of founding (S1) and of pupils without e-mail (S2) through the public API, on each database.

Their rules one by one are in test_foundings.py, test_pupils.py, test_auth.py and test_class_keys.py.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from io import BytesIO
from json import loads
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from pypdf import PdfReader

from hub.app import RunningHub, start
from hub.settings import Settings
from storage.snapshots import verify
from tests.hub.cases.founding import PLAN
from tests.hub.test_foundings import propose, read, sign, signed, teacher_of
from tests.hub.world import Answer, Person, World, add_schools, make_world
from tests.hub.yjs_client import open_collab

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = [f"Ñoño {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZÁÉ"]


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[pytest.param("sqlite", marks=pytest.mark.slow), pytest.param("postgres", marks=pytest.mark.services)],
)
async def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHub]:
    folder: Path = tmp_path_factory.mktemp("stories")
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgres" else ""
    running = await start(Settings(data_dir=folder, port=0, database_url=url))
    await add_schools(running.context.storage)
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="module")
async def world(hub: RunningHub, http: aiohttp.ClientSession) -> AsyncIterator[World]:
    made = await make_world(hub, http)
    yield made
    await made.close()


async def test_s1_two_teachers_found_a_project(world: World) -> None:
    ana, marek = world.founder, world.teacher
    founding = await propose(world, outline=["What we bake"])
    twinspace = f"/api/v1/twinspaces/{founding['twinspace_id']}"
    doors = [twinspace, *(f"{twinspace}/{page}" for page in ("contents", "messages", "journal", "snapshots", "rooms"))]

    async def shut() -> bool:
        answers = [await person.call("GET", door) for person in (ana, marek) for door in doors]
        return all((answer.status, answer.code) == (404, "not_found") for answer in answers)

    assert await shut()
    before = founding["agreement"]
    async with open_collab(marek, founding["agreement_id"]) as document:
        await document.sign_in(marek.token or "")
        await document.update(_paragraph("Rye bread in Kraków"))
    assert (await read(ana, founding))["agreement"] != before
    assert (await sign(ana, founding)).body["state"] == "writing" and await shut()
    opened = (await sign(marek, founding)).body
    assert (opened["state"], opened["is_national"]) == ("open", False) and not await shut()
    storage = world.hub.context.storage
    (first,) = await storage.snapshots.of_twinspace(opened["twinspace_id"])
    assert loads(await storage.blobs.get(first.tree))["agreement.json"] == opened["agreement"]
    assert "Rye bread" in str(loads(await storage.blobs.get(opened["agreement"]))["text"])
    assert (await verify(storage, opened["twinspace_id"])).is_intact
    async with open_collab(ana, founding["agreement_id"]) as document:
        await document.sign_in(ana.token or "")
        await document.update(_paragraph("And olive oil"))
    changed = await read(marek, founding)
    assert changed["state"] == "changed" and signed(changed) == [False, False]
    assert all(founder["signed_before"] for founder in changed["founders"])


async def test_s1_one_country_is_national_and_two_plus_countries_found_nothing(world: World) -> None:
    async def ask(first: Person, second: Person) -> Answer:
        assert second.user is not None
        return await first.call("POST", "/api/v1/foundings", {**PLAN, "partner": second.user.name})

    neighbour, ukraine = await teacher_of(world, "ES", "Ronda"), await teacher_of(world, "UA", "Lviv")
    georgia = await teacher_of(world, "GE", "Batumi")
    assert (await ask(world.founder, neighbour)).body["is_national"] is True
    assert (await ask(ukraine, world.founder)).status == 201
    refused = await ask(ukraine, georgia)
    assert (refused.status, refused.body["field"]) == (400, "partner")


def _paragraph(text: str) -> bytes:
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText

    doc: Doc[Any] = Doc()
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText(text)]))
    return doc.get_update()


async def test_s2_a_class_comes_in_without_an_email(world: World) -> None:
    ana, storage = world.founder, world.hub.context.storage
    made = await ana.call(
        "POST",
        "/api/v1/pupils",
        {"class_name": "5B", "first_names": NAMES, "language": "es", "twinspace_id": world.twinspace_id},
    )
    cards = made.body["cards"]
    assert len(cards) == 28 and len({card["words"] for card in cards}) == 28
    assert all([(await storage.users.get_user(card["user_id"])).email is None for card in cards])
    printed = await ana.call(
        "POST",
        "/api/v1/pupils/class_cards/print",
        {"language": "es", "cards": [{"display_name": card["display_name"], "words": card["words"]} for card in cards]},
    )
    assert len(PdfReader(BytesIO(printed.body)).pages) == 3

    async def come(typed: str) -> Answer:
        return await world.nobody.call("POST", "/api/v1/login", {"class_key": typed})

    lucia = cards[0]
    first, *rest = re.split(r"[\s-]+", lucia["words"])
    plain = "".join(sign for sign in unicodedata.normalize("NFD", lucia["words"]) if not unicodedata.combining(sign))
    by_picture = lucia["sign_in_url"].partition("#card=")[2]
    for typed in (
        lucia["words"].upper(),
        f"  {lucia['words'].replace('-', '   ')} ",
        plain,
        "-".join([first[1:], *rest]),
        by_picture,
    ):
        answer = await come(typed)
        assert (answer.status, answer.body.get("id")) == (200, lucia["user_id"]), typed
    wrong = await asyncio.gather(*(come(f"nada-nunca-nadie-{number:04}") for number in range(12)))
    assert {answer.status for answer in wrong} == {401}
    assert [(await come(card["words"])).status for card in cards[:3]] == [200, 200, 200], "slower, never locked out"

    answer = await come(lucia["words"])
    cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    pupil = Person(world.hub, world.nobody.http, None, cookie)
    members = {member["user_id"] for member in (await pupil.get(world.path))["members"]}
    stranger = world.people["stranger"].user
    assert stranger is not None and lucia["user_id"] in members and stranger.id not in members
    for door in ("/api/v1/pupils", "/api/v1/registrations", "/api/v1/foundings/none", f"{world.path}/consents"):
        assert (await pupil.call("GET", door)).status == 404, door
    socket = await pupil.socket()
    try:
        renewed = await ana.call("POST", "/api/v1/pupils/class_cards", {"user_ids": [lucia["user_id"]]})
        assert await socket.expect("session:ended") == {"reason": "key_reset"}
    finally:
        await pupil.close()
    assert (await come(lucia["words"])).code == "wrong_secret"
    assert (await come(renewed.body["cards"][0]["words"])).body["id"] == lucia["user_id"]
