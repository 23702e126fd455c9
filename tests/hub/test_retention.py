"""What is over goes, each kind at its boundary, on a clock that the test sets."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from hub import retention
from hub.app import RunningHub, start
from hub.erasure import erase_person
from hub.settings import Settings
from storage.ports import NotFound
from storage.records import CardFile, GuestLink, GuestLinkId, Login, LoginId, RecordingId, Ticket, User, UserId
from storage.snapshots import verify
from tests.hub.gate_steps import decide, queue
from tests.hub.test_card_files import upload
from tests.hub.test_materials import picture
from tests.hub.test_safety import post, tell
from tests.hub.world import World, add_schools, make_world

pytestmark = pytest.mark.asyncio(loop_scope="session")

DAY_MS = retention.DAY_MS


@pytest_asyncio.fixture(loop_scope="session")
async def hub(tmp_path: Path) -> AsyncIterator[RunningHub]:
    """A hub of its own: a round of retention goes over everything in it."""
    running = await start(Settings(data_dir=tmp_path / "data", port=0, host="127.0.0.1", demo=False))
    await add_schools(running.context.storage)
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def world(hub: RunningHub, http: object) -> AsyncIterator[World]:
    made = await make_world(hub, http)  # type: ignore[arg-type]
    yield made
    await made.close()


async def round_at(world: World, monkeypatch: pytest.MonkeyPatch, at_ms: int) -> dict[str, int]:
    context = world.hub.context
    monkeypatch.setattr(context, "now_ms", lambda: at_ms)
    counted = await retention.count_over(context.storage, context.settings.data_dir, at_ms)
    gone = await retention.take_away(context)
    assert gone == counted, "the dry run counts what the round takes away"
    return {kind: count for kind, count in gone.items() if count}


async def test_each_kind_goes_at_its_boundary_and_not_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context, storage = world.hub.context, world.hub.context.storage
    assert world.pupil.user is not None and world.founder.user is not None
    rules = retention.read_rules()
    start_ms = context.now_ms()
    await storage.logins.add(Login(LoginId("old"), world.founder.user.id, "browser", b"old", 1, start_ms))
    await storage.proofs.add_ticket(Ticket(b"t", "confirm_email", world.founder.user.id, 1, start_ms))
    nobody = replace(
        world.founder.user, id=UserId("nobody"), name="nobody", state="unconfirmed", created_at_ms=start_ms
    )
    await storage.users.add_user(nobody)
    letter = context.settings.data_dir / "outbox" / "one.eml"
    letter.parent.mkdir(exist_ok=True)
    letter.write_text("A letter")
    os.utime(letter, (start_ms / 1000, start_ms / 1000))
    seen: dict[str, int] = {}
    for day in sorted({rules[kind].days for kind in ("logins", "tickets", "registrations", "letters")}):
        before = await round_at(world, monkeypatch, start_ms + day * DAY_MS - 1_000)
        assert not {kind for kind in before if kind in rules and rules[kind].days == day}, before
        after = await round_at(world, monkeypatch, start_ms + day * DAY_MS + 1_000)
        seen |= after
    assert {"logins", "tickets", "registrations", "letters"} <= {*seen}
    assert not letter.exists()
    assert (await storage.users.get_user(nobody.id)).name.startswith("erased:")


async def test_after_a_closed_project_chat_and_then_the_pupils_names_go(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, rules = world.hub.context, retention.read_rules()
    assert world.pupil.user is not None and world.founder.user is not None
    name = world.pupil.user.display_name
    await post(world.pupil, world, "We liked the bridge")
    wall_id = await world.create("wall")
    body = {"client_card_id": "one", "title": "The bridge"}
    assert (await world.pupil.call("POST", f"/api/v1/walls/{wall_id}/cards", body)).status == 201
    (held,) = (await world.founder.get(f"/api/v1/walls/{wall_id}/held"))["held"]
    through = f"/api/v1/walls/{wall_id}/held/{held['kind']}/{held['id']}/approval"
    assert (await world.founder.call("POST", through, {"revision": held["revision"]})).status == 204
    moved = {"former": "during", "moved_by": world.founder.user.id, "missing": []}
    closed_ms = context.now_ms()
    await context.storage.phases.move(world.twinspace_id, phase="closed", at_ms=closed_ms, **moved)  # type: ignore[arg-type]
    chat = rules["messages"].days * DAY_MS
    assert "messages" not in await round_at(world, monkeypatch, closed_ms + chat)
    assert (await round_at(world, monkeypatch, closed_ms + chat + 1))["messages"] == 1
    year = closed_ms + rules["pupils"].days * DAY_MS
    assert "pupils" not in await round_at(world, monkeypatch, closed_ms + chat + 2)
    assert (await round_at(world, monkeypatch, year + 60_000))["pupils"] == 1
    former = await context.storage.users.get_user(world.pupil.user.id)
    assert former.display_name == "A former pupil of School a"
    from crdt_docs.content import KINDS

    (card,) = await context.live_docs.read(wall_id, "wall", KINDS["wall"].blocks)
    assert (card["title"], card["author_name"]) == ("The bridge", former.display_name) and card["author_name"] != name


async def test_reports_the_log_guests_and_recordings_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context, storage, rules = world.hub.context, world.hub.context.storage, retention.read_rules()
    assert world.founder.user is not None and world.teacher.user is not None
    now_ms = context.now_ms()
    told = await tell(world.pupil, world, "member", world.teacher.user.id, "He shouts")
    await world.founder.call("POST", f"{world.path}/reports/{told.body['report_id']}/answer", {"answer": "Settled"})
    link = GuestLink(GuestLinkId("g"), world.twinspace_id, b"s", "visitor", "Mum", world.founder.user.id, 1, now_ms)
    await storage.guests.add_link(link)
    school_id = world.founder.user.school_id
    guest = User(UserId("guest"), "guest:1", "Mum of Kuba", "guest", school_id, "en", now_ms)
    await storage.guests.add_guest(guest, link.id)
    from storage.records import Recording

    blob = await storage.blobs.put(b"a voice")
    files = [{"file_id": "f", "user_id": world.founder.user.id, "blob": blob}]
    recording = Recording(
        RecordingId("r"), world.twinspace_id, world.room_id, world.founder.user.id, 1, now_ms, "stopped", files
    )
    await storage.recordings.add(recording)
    gone = await round_at(world, monkeypatch, now_ms + rules["guests"].days * DAY_MS + 1)
    assert gone["guests"] == 1 and "recordings" not in gone and "reports" not in gone
    gone = await round_at(world, monkeypatch, now_ms + rules["recordings"].days * DAY_MS + 1)
    assert gone["recordings"] == 1
    with pytest.raises(NotFound):
        await storage.blobs.get(blob)
    gone = await round_at(world, monkeypatch, now_ms + (rules["reports"].days + 1) * DAY_MS)
    # The newest entry of the log stays, so that the chain goes on from it.
    assert gone["reports"] == 1 and gone["moderation_log"] == 1
    assert len(await storage.moderation_log.latest(world.twinspace_id, 9)) == 1


async def test_files_on_no_card_go_and_what_snapshots_hold_stays_until_its_author_is_erased(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, cards = world.hub.context, world.hub.context.storage.cards
    wall_id = await world.create("wall")
    path = f"/api/v1/walls/{wall_id}"
    files: dict[str, CardFile] = {}
    for number, name in enumerate(("given_up", "shown", "taken_off", "waits", "hidden", "late")):
        sent = picture((200 + number, 100))
        uploaded = await upload(world.pupil, world, wall_id, sent, filename=f"{name}.png", card_kind="image")
        files[name] = await cards.get_file(uploaded.body["file_id"])
    for name in ("shown", "taken_off", "hidden", "waits"):
        body = {"client_card_id": name, "kind": "image", "file_id": files[name].id, "alt": name}
        assert (await world.pupil.call("POST", f"{path}/cards", body)).status == 201
        if name != "waits":
            (thing,) = await queue(world.founder, world)
            assert (await decide(world.founder, thing)).status == 204
    assert (await world.founder.call("POST", f"{world.path}/snapshots", {"title": "With it"})).status == 201
    assert (await world.pupil.call("DELETE", f"{path}/cards/taken_off")).status == 204
    hide = {"kind": "card", "subject_id": f"{wall_id}:hidden", "reason": "mean"}
    assert (await world.founder.call("POST", f"{world.path}/hidden", hide)).status == 204

    found_ms = context.now_ms() + 1_000
    assert "card_files" not in await round_at(world, monkeypatch, found_ms)
    over_ms = found_ms + retention.read_rules()["card_files"].days * DAY_MS
    assert "card_files" not in await round_at(world, monkeypatch, over_ms)
    await cards.put_on_card(files["late"].id, "late")
    gone = await round_at(world, monkeypatch, over_ms + 1)
    assert gone["card_files"] == 1
    left = {file.id for file in await cards.files(wall_id)}
    assert left == {file.id for name, file in files.items() if name != "given_up"}
    blobs = context.storage.blobs
    with pytest.raises(NotFound):
        await blobs.get(files["given_up"].blob)
    assert await blobs.get(files["taken_off"].blob), "the snapshot holds it"
    assert (await verify(context.storage, world.twinspace_id)).is_intact

    assert world.pupil.user is not None
    await erase_person(context, world.pupil.user, texts=True)
    for file in files.values():
        with pytest.raises(NotFound):
            await blobs.get(file.blob)
    assert (await verify(context.storage, world.twinspace_id)).is_intact


async def test_the_page_is_written_from_the_rules_and_every_rule_is_known() -> None:
    page = (Path(__file__).parents[2] / "docs" / "privacy" / "retention.md").read_text("utf-8")
    assert page == retention.page(), "write it again with `make protocol`"
    assert {*retention.read_rules()} == {*retention.FORGOTTEN, *retention._JOBS}
