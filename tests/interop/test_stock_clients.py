"""Unmodified y-websocket and @hocuspocus/provider from npm against the hub's document part, over SQLite."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crdt_docs.content import document, wall
from storage.records import ContentId, UserId
from tests.interop.doc_server import TWINSPACE, DocServer
from tests.interop.stock_clients import StockClients

pytestmark = pytest.mark.slow

PROTOCOLS = ("y-websocket", "hocuspocus")
WRITER = UserId("writer")
DOC = ContentId("doc")


@pytest.mark.parametrize("first", PROTOCOLS)
@pytest.mark.parametrize("second", PROTOCOLS)
async def test_two_clients_converge(server: DocServer, clients: StockClients, first: str, second: str) -> None:
    a = await clients.open(first, server.url, "doc", "writer")
    b = await clients.open(second, server.url, "doc", "other")
    await a.until("synced", True)
    await b.until("synced", True)
    await asyncio.gather(a.insert("Hola "), b.insert("Cześć "))
    await a.until("text_length", 11)
    text = await a.until("text")
    assert sorted(text.split()) == ["Cześć", "Hola"]
    await b.until("text", text)
    await b.tell("remove", index=0, length=5)
    await a.until("text", text[5:])


@pytest.mark.parametrize("first", PROTOCOLS)
@pytest.mark.parametrize("second", PROTOCOLS)
async def test_AW_each_sees_who_is_there_and_who_left(
    server: DocServer, clients: StockClients, first: str, second: str
) -> None:
    a = await clients.open(first, server.url, "doc", "writer")
    b = await clients.open(second, server.url, "doc", "other")
    # A patched client claims to be somebody else; the hub knows better.
    await a.tell("describe", state={"user": {"name": "The Head Teacher", "color": "#123456"}})
    await b.tell("describe", state={"user": {"name": "Other"}, "cursor": {"anchor": 1}})
    await b.until("users", ["Other", "Writer"])
    await a.until("users", ["Other", "The Head Teacher"])
    states = await b.tell("states")
    assert states[str(a.yjs_id)]["user"] == {
        "name": "Writer",
        "color": "#123456",
        "id": "writer",
        "school_id": "school",
    }
    assert (await a.tell("states"))[str(b.yjs_id)]["cursor"] == {"anchor": 1}
    await a.tell("cut")
    await b.until("users", ["Other", "Writer"])
    await a.tell("destroy")
    await b.until("users", ["Other"])


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_what_is_written_while_away_arrives_after_reconnecting(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    a = await clients.open(protocol, server.url, "doc", "writer")
    b = await clients.open(protocol, server.url, "doc", "other")
    await a.insert("x")
    await b.until("text", "x")
    await a.tell("disconnect")
    await a.until("connected", False)
    await a.insert("away")
    await b.insert("here ", 0)
    await a.tell("connect")
    await a.until("text", "here xaway")
    await b.until("text", "here xaway")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_RO_a_reader_sees_everything_and_changes_nothing(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    writer = await clients.open("hocuspocus", server.url, "doc", "writer")
    reader = await clients.open(protocol, server.url, "doc", "reader")
    await writer.insert("text")
    await reader.until("text", "text")
    await reader.insert("graffiti")
    if protocol == "y-websocket":
        assert "not change" in (await reader.until_event("denied"))[1]
    else:
        assert (await reader.until_event("scope"))[1] == "readonly"
        await reader.until("unsynced", 1)
    await writer.insert("!")
    await writer.until("unsynced", 0)
    assert await writer.until("text") == "text!"
    # It still hears what others write, and may be seen.
    await reader.tell("describe", state={"user": {"name": "Reader"}})
    await writer.until("users", ["", "Reader"])
    await reader.until("text_length", len("text!graffiti"))


async def test_HP_an_update_is_acknowledged_when_it_is_stored(server: DocServer, clients: StockClients) -> None:
    a = await clients.hocuspocus(server.url, "doc", token="writer")
    await a.until("unsynced", 0)
    await a.insert("kept")
    await a.until("unsynced", 0)
    stored = await server.storage.doc_log.load(DOC)
    assert [entry.user_id for entry in stored.entries] == ["writer"]
    assert b"kept" in stored.entries[0].update


async def test_HP_the_empty_token_and_a_cookie_are_enough(server: DocServer, clients: StockClients) -> None:
    a = await clients.hocuspocus(server.url, "doc", token="", cookie="user=writer")
    await a.insert("by cookie")
    await a.until("unsynced", 0)
    stranger = await clients.hocuspocus(server.url, "doc", token="")
    assert await stranger.until_event("denied") == ["denied", "not_signed_in"]


@pytest.mark.parametrize("token", ["expired", "nobody"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_SH_who_may_not_read_gets_a_reason_and_no_byte(
    server: DocServer, clients: StockClients, protocol: str, token: str
) -> None:
    writer = await clients.open("hocuspocus", server.url, "doc", "writer")
    await writer.insert("secret")
    await writer.until("unsynced", 0)
    code = "not_signed_in" if token == "expired" else "not_found"
    refused = await clients.open(protocol, server.url, "doc", token)
    await refused.until_event("denied")
    if protocol == "y-websocket":
        assert await refused.until_event("closed") == ["closed", 4401 if token == "expired" else 4404, code]
    else:
        assert (await refused.events("denied"))[0] == ["denied", code]
        assert await refused.until_event("closed") == ["closed", 1000, code]
    assert await refused.until("text") == ""
    absent = await clients.open(protocol, server.url, "no-such-content", "writer")
    await absent.until_event("denied")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_SH_an_older_editor_is_told_to_reload(server: DocServer, clients: StockClients, protocol: str) -> None:
    current = document.SCHEMA_NUMBER
    if protocol == "y-websocket":
        old = await clients.y_websocket(server.url, "doc", token="writer", schema=str(current - 1))
        assert await old.until_event("closed") == ["closed", 4426, "old_client"]
        new = await clients.y_websocket(server.url, "doc", token="writer", schema=str(current))
    else:
        old = await clients.hocuspocus(server.url, "doc", token="writer", query=f"?schema={current - 1}")
        assert await old.until_event("denied") == ["denied", "old_client"]
        new = await clients.hocuspocus(server.url, "doc", token="writer", query=f"?schema={current}")
    await new.until("synced", True)


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_SH_a_role_taken_away_in_mid_session_works_at_once(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    a = await clients.open(protocol, server.url, "doc", "writer")
    b = await clients.open("hocuspocus", server.url, "doc", "other")
    await a.insert("before")
    await b.until("text", "before")
    if protocol == "hocuspocus":
        # The provider counts acknowledgements, whatever they are for: none may be on its way.
        await a.until("unsynced", 0)
    server.roles["writer"] = False
    await server.live_docs.reauthorise(WRITER, TWINSPACE)
    await a.insert("after")
    if protocol == "y-websocket":
        await a.until_event("denied")
    else:
        assert [event[1] for event in await a.events("scope")] == ["read-write", "readonly"]
        await a.until("unsynced", 1)
    await b.insert("!")
    await b.until("unsynced", 0)
    assert await b.until("text") == "before!"


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_SH_a_removed_member_loses_the_document_and_others_do_not(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    a = await clients.open(protocol, server.url, "doc", "writer")
    b = await clients.open("hocuspocus", server.url, "doc", "other")
    await a.until("synced", True)
    await b.until("synced", True)
    del server.roles["writer"]
    await server.live_docs.revoke_user(WRITER, twinspace_id=TWINSPACE)
    closed = await a.until_event("closed")
    assert closed[1:] == ([4404, "not_found"] if protocol == "y-websocket" else [1000, "not_found"])
    await b.insert("still here")
    await b.until("unsynced", 0)
    assert server.live_docs.counts().sessions == 1


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_SH_a_login_that_expires_ends_its_documents(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    from tests.interop.doc_server import now_ms

    server.expires_at_ms = now_ms() + 700
    a = await clients.open(protocol, server.url, "doc", "writer")
    await a.until("synced", True)
    closed = await a.until_event("closed")
    assert closed[1:] == ([4401, "not_signed_in"] if protocol == "y-websocket" else [1000, "not_signed_in"])


async def test_many_documents_share_one_socket(server: DocServer, clients: StockClients) -> None:
    a = await clients.hocuspocus(server.url, "doc", token="writer", socket="shared")
    b = await clients.hocuspocus(server.url, "form", token="writer", socket="shared")
    c = await clients.hocuspocus(server.url, "nothing", token="writer", socket="shared")
    await a.insert("in a")
    await b.insert("in b")
    await a.until("unsynced", 0)
    await b.until("unsynced", 0)
    assert await c.until_event("denied") == ["denied", "not_found"]
    await b.tell("destroy")
    await a.insert("!")
    await a.until("unsynced", 0)


@pytest.mark.timeout(180)
async def test_two_thousand_documents_share_one_socket(server: DocServer, clients: StockClients) -> None:
    content = await server.storage.contents.get(DOC)
    for i in range(2_000):
        await server.storage.contents.add(replace(content, id=ContentId(f"many{i}")))
    url = f"{server.url}/collab?token=writer".replace("http", "ws", 1)
    opened = await clients.tell("many", clients=2_000, url=url, prefix="many", socket="one")
    assert opened == 2_000
    assert server.live_docs.counts().sessions == 2_000


async def test_two_providers_of_one_document_share_one_socket(server: DocServer, clients: StockClients) -> None:
    options = {"token": "writer", "socket": "twins", "session_awareness": True}
    a = await clients.hocuspocus(server.url, "doc", **options)
    b = await clients.hocuspocus(server.url, "doc", **options)
    await a.insert("twin")
    await b.until("text", "twin")
    await b.until("unsynced", 0)


async def test_CW_a_wall_shows_what_the_hub_writes_and_takes_nothing_else(
    server: DocServer, clients: StockClients
) -> None:
    a = await clients.hocuspocus(server.url, "wall", token="writer")
    assert (await a.until_event("scope"))[1] == "readonly"
    card = await server.live_docs.edit(
        ContentId("wall"),
        "wall",
        lambda doc: wall.add_card(
            doc,
            card_id="c1",
            title="Hola",
            text="",
            tint=2,
            author_id="writer",
            author_name="Writer",
            school_id="school",
            at_ms=1_790_000_000_000,
        ),
        user_id=WRITER,
    )
    # What a card of words doesn't have is not written.
    had = (
        "title",
        "text",
        "tint",
        "author_id",
        "author_name",
        "school_id",
        "position",
        "created_at_ms",
        "changed_at_ms",
    )
    shown = await a.until("map", {"c1": {key: card[key] for key in had}}, key="cards")
    assert shown["c1"]["tint"] == 2
    await a.tell("set", name="cards", key="c2", value={"title": "forged"})
    await a.until("unsynced", 1)
    assert [c["id"] for c in await server.live_docs.read(ContentId("wall"), "wall", wall.cards)] == ["c1"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_AU_each_users_text_is_theirs_also_when_written_offline(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    a = await clients.open(protocol, server.url, "doc", "writer")
    b = await clients.open(protocol, server.url, "doc", "other")
    await a.insert("Hola ")
    await b.until("text", "Hola ")
    await b.insert("Cześć 👋 ")
    await a.until("text", "Hola Cześć 👋 ")
    await a.tell("disconnect")
    await a.until("connected", False)
    await a.insert("de lejos", 0)
    await a.tell("connect")
    await b.until("text", "de lejosHola Cześć 👋 ")
    found = await server.live_docs.authorship(DOC)
    assert [(run.text, run.user_id, run.client_of) for run in found.runs] == [
        ("de lejosHola ", "writer", "writer"),
        ("Cześć 👋 ", "other", "other"),
    ]
    stored = await server.storage.doc_log.load(DOC)
    assert stored.writers == {a.yjs_id: "writer", b.yjs_id: "other"}


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_AU1_a_client_that_takes_anothers_client_id_is_shut_out(
    server: DocServer, clients: StockClients, protocol: str
) -> None:
    a = await clients.open("hocuspocus", server.url, "doc", "writer")
    await a.insert("mine")
    await a.until("unsynced", 0)
    thief = await clients.open(protocol, server.url, "doc", "other")
    await thief.until("text", "mine")
    await thief.tell("pretend", yjs_id=a.yjs_id)
    await thief.insert(" and forged")
    assert (await thief.until_event("closed"))[-1] == "conflict"
    await a.insert(" still")
    await a.until("unsynced", 0)
    assert await a.until("text") == "mine still"
