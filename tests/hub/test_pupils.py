"""A teacher makes pupils' accounts, prints their cards and brings them into TwinSpaces."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from pypdf import PdfReader

from hub import class_cards
from hub.phrases import PHRASES
from tests.hub.world import WAIT_S, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = """Lucía Mateo Sofía Hugo Martina Leo Julia Daniel Paula Pablo Emma Álvaro Valeria Adrián Noa David Carla Mario
Alba Diego Sara Bruno Ana Marcos Vega Iker Olivia Luca Ana ana""".split()


async def make(world: World, names: list[str] = NAMES, **more: Any) -> list[dict[str, str]]:
    body = {"first_names": names, "language": "es", "class_name": f"5B {id(names)}", **more}
    answer = await world.founder.call("POST", "/api/v1/pupils", body)
    assert answer.status == 201, answer
    cards: list[dict[str, str]] = answer.body["cards"]
    return cards


async def sign_in(world: World, key: str) -> Any:
    return await world.nobody.call("POST", "/api/v1/login", {"class_key": key})


async def test_thirty_names_become_thirty_accounts_without_an_email(world: World) -> None:
    cards = await make(world)
    assert [card["display_name"] for card in cards] == [*NAMES[:-2], "Ana 2", "ana 3"]
    assert len({card["words"] for card in cards}) == len({card["user_id"] for card in cards}) == 30
    for card in cards:
        user = await world.hub.context.storage.users.get_user(card["user_id"])  # type: ignore[arg-type]
        assert (user.kind, user.email, user.language, user.school_id) == ("pupil", None, "es", "school-a")
    listed = {pupil["user_id"]: pupil for pupil in (await world.founder.get("/api/v1/pupils"))["pupils"]}
    assert all(not listed[card["user_id"]]["has_signed_in"] for card in cards)
    assert "words" not in listed[cards[0]["user_id"]]


async def test_a_card_opens_however_it_is_typed_and_is_seen_to_have(world: World) -> None:
    (card,) = await make(world, ["Lucía"])
    *words, number = card["words"].split("-")
    slip = "-".join([words[0][1:], *words[1:], number])
    for typed in (card["words"], card["words"].upper(), "  ".join([*words, number]), "".join([*words, number]), slip):
        answer = await sign_in(world, typed)
        assert answer.status == 200 and answer.body["id"] == card["user_id"], typed
    (listed,) = [p for p in (await world.founder.get("/api/v1/pupils"))["pupils"] if p["user_id"] == card["user_id"]]
    assert listed["has_signed_in"]
    wrong = "-".join([*words, str((int(number) + 1) % 10_000).zfill(4)])
    assert (await sign_in(world, wrong)).code == "wrong_secret"


async def test_pupils_come_into_a_twinspace_with_their_accounts(world: World) -> None:
    cards = await make(world, ["Lucía", "Hugo"], twinspace_id=world.twinspace_id)
    members = {m["user_id"]: m for m in (await world.founder.get(world.path))["members"]}
    assert all(members[card["user_id"]]["role"] == "pupil" for card in cards)


async def test_pupils_are_brought_in_made_editors_and_sent_away(world: World) -> None:
    cards = await make(world, ["Lucía", "Hugo"])
    ids = [card["user_id"] for card in cards]
    path = f"{world.path}/members"
    for _ in range(2):  # The second time they are there already.
        assert (await world.founder.call("POST", path, {"user_ids": ids})).status == 204
    assert (await world.founder.call("POST", path, {"user_ids": ids[:1], "role": "pupil_editor"})).status == 204
    roles = {m["user_id"]: m["role"] for m in (await world.founder.get(world.path))["members"]}
    assert [roles[user_id] for user_id in ids] == ["pupil_editor", "pupil"]
    assert (await world.founder.call("DELETE", f"{path}/{ids[1]}")).status == 204
    assert ids[1] not in {m["user_id"] for m in (await world.founder.get(world.path))["members"]}
    assert (await world.founder.call("DELETE", f"{path}/{ids[1]}")).code == "not_found"


async def test_nobody_handles_the_pupils_of_another_school(world: World) -> None:
    (card,) = await make(world, ["Lucía"])
    user_id, teacher = card["user_id"], world.teacher  # Of school b.
    asked = [
        await teacher.call("POST", "/api/v1/pupils/class_cards", {"user_ids": [user_id]}),
        await teacher.call("DELETE", f"/api/v1/pupils/{user_id}"),
        await teacher.call("POST", f"{world.path}/members", {"user_ids": [user_id]}),
        await teacher.call("DELETE", f"{world.path}/members/{world.pupil.user.id}"),
        await world.founder.call("POST", "/api/v1/pupils/class_cards", {"user_ids": [world.teacher.user.id]}),
        await world.founder.call("DELETE", f"{world.path}/members/{world.teacher.user.id}"),
    ]
    assert [(a.status, a.code) for a in asked] == [(404, "not_found")] * len(asked)
    assert user_id not in {p["user_id"] for p in (await teacher.get("/api/v1/pupils"))["pupils"]}
    assert (await sign_in(world, card["words"])).status == 200


async def test_accounts_for_a_foreign_twinspace_are_not_made(world: World) -> None:
    before = len((await world.stranger.get("/api/v1/pupils"))["pupils"])
    body = {"first_names": ["Lucía"], "language": "es", "twinspace_id": world.twinspace_id}
    assert (await world.stranger.call("POST", "/api/v1/pupils", body)).code == "not_found"
    assert len((await world.stranger.get("/api/v1/pupils"))["pupils"]) == before


@pytest.mark.parametrize("door", ["class_cards", "close"])
async def test_a_reset_key_and_a_closed_account_drop_the_live_socket_at_once(world: World, door: str) -> None:
    (card,) = await make(world, ["Lucía"], twinspace_id=world.twinspace_id)
    signed_in = await sign_in(world, card["words"])
    token = signed_in.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    pupil = Person(world.hub, world.founder.http, None, token)
    socket = await pupil.socket()
    await socket.enter(world.twinspace_id)
    try:
        if door == "close":
            answer = await world.founder.call("DELETE", f"/api/v1/pupils/{card['user_id']}")
            reason = "removed"
        else:
            ids = {"user_ids": [card["user_id"]]}
            answer = await world.founder.call("POST", "/api/v1/pupils/class_cards", ids)
            reason = "key_reset"
        assert answer.status in (200, 204)
        assert await socket.expect("session:ended") == {"reason": reason}
        async with asyncio.timeout(WAIT_S):
            await socket.disconnected.wait()
    finally:
        await socket.close()
    assert (await sign_in(world, card["words"])).code == "wrong_secret"
    assert (await pupil.call("GET", "/api/v1/me")).code == "not_signed_in"
    if door == "class_cards":
        assert (await sign_in(world, answer.body["cards"][0]["words"])).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"first_names": []}, "first_names"),
        ({"first_names": ["Ana"] * 61}, "first_names"),
        ({"first_names": ["  "]}, "first_names"),
        ({"first_names": ["A" * 41]}, "first_names"),
        ({"first_names": ["A\nB"]}, "first_names"),
        ({"first_names": ["A\u0000"]}, "first_names"),
        ({"first_names": ["Ana"], "class_name": "x" * 21}, "class_name"),
        ({"first_names": ["Ana"], "language": "Spanish"}, "language"),
    ],
)
async def test_bad_lists_of_names_are_refused_and_make_nobody(world: World, body: dict[str, Any], field: str) -> None:
    before = len((await world.founder.get("/api/v1/pupils"))["pupils"])
    answer = await world.founder.call("POST", "/api/v1/pupils", {"language": "es", **body})
    assert (answer.status, answer.code, answer.body["field"]) == (400, "invalid", field)
    assert len((await world.founder.get("/api/v1/pupils"))["pupils"]) == before


async def test_cards_come_as_a_pdf_with_every_name_and_key(world: World) -> None:
    cards = await make(world)
    body = {
        "language": "es",
        "class_name": "5B",
        "cards": [{"display_name": card["display_name"], "words": card["words"]} for card in cards],
    }
    answer = await world.founder.call("POST", "/api/v1/pupils/class_cards/print", body)
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/pdf"
    assert "class-cards.pdf" in answer.headers["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.body))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 3
    for card in cards:
        assert all(part in text for part in [card["display_name"], *card["words"].split("-")]), card
    assert "5B" in text and "Escanea el dibujo" in text


async def test_cards_can_be_printed_in_every_script_of_the_network() -> None:
    names = ["Łucja Żółć", "Ελένη", "Софія", "Şebnem", "Jørgen", "Đorđe", "Žofie", "Māra", "A" * 40]
    cards = [class_cards.Card(name, "olive-wave-guitar-0001", "https://hub.example/sign-in#card=x") for name in names]
    for language in PHRASES:
        pdf = class_cards.draw(cards, language=language, class_name="", address="hub.example")
        text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert all(name in text for name in names)
