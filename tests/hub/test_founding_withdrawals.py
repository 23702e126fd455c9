"""A proposal that is declined or withdrawn, what a crash left half done, and the list of foundings."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hub.agreements import read_stored_standing
from tests.hub.cases.founding import CHANGED_PLAN
from tests.hub.test_access import UPDATES
from tests.hub.test_foundings import path, propose, read, sign, signed
from tests.hub.world import Person, World
from tests.hub.yjs_client import open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_a_crash_left_half_open_is_opened_at_the_next_look(world: World, monkeypatch: Any) -> None:
    """The signatures are stored; the hub dies before the TwinSpace opens."""
    founding = await propose(world)
    await sign(world.founder, founding)
    from storage.records import Signature, TwinspaceId

    assert world.teacher.user is not None
    agreement = (await read(world.teacher, founding))["agreement"]
    await world.hub.context.storage.foundings.sign(
        Signature(TwinspaceId(founding["twinspace_id"]), world.teacher.user.id, agreement, 10)
    )
    assert (await read(world.teacher, founding))["state"] == "open"
    assert len(await world.hub.context.storage.snapshots.of_twinspace(TwinspaceId(founding["twinspace_id"]))) == 1


async def test_a_proposal_that_is_declined_is_gone_for_both(world: World) -> None:
    founding = await propose(world)
    await sign(world.founder, founding)
    heard = await world.founder.socket()
    async with open_document(world.founder, founding["agreement_id"]) as document:
        assert await document.sync()
        assert (await world.people["stranger"].call("DELETE", path(founding))).status == 404
        assert (await world.teacher.call("DELETE", path(founding))).status == 204
        assert await document.ended() == 4404
    assert await heard.expect("founding:changed") == {"twinspace_id": founding["twinspace_id"]}
    for person in (world.founder, world.teacher):
        assert (await person.call("GET", path(founding))).status == 404
        assert (await sign(person, founding, founding["agreement"])).status == 404
        listed = (await person.get("/api/v1/foundings"))["foundings"]
        assert founding["twinspace_id"] not in [each["twinspace_id"] for each in listed]
    assert (await world.founder.call("GET", f"/api/v1/twinspaces/{founding['twinspace_id']}")).status == 404


async def test_what_is_open_can_not_be_withdrawn(world: World) -> None:
    founding = await propose(world)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    answer = await world.teacher.call("DELETE", path(founding))
    assert (answer.status, answer.code) == (409, "conflict")
    assert (await read(world.founder, founding))["state"] == "open"


async def test_signing_last_and_declining_at_the_same_instant_has_one_outcome(world: World) -> None:
    for _ in range(4):
        founding = await propose(world)
        await sign(world.founder, founding)
        signing, declining = await asyncio.gather(
            sign(world.teacher, founding, founding["agreement"]), world.founder.call("DELETE", path(founding))
        )
        phase = (await world.hub.context.storage.twinspaces.get(founding["twinspace_id"])).phase
        assert (phase, declining.status) in (("idea", 409), ("withdrawn", 204)), (phase, signing, declining)


class Shut:
    """Nothing may be asked of this."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")


async def test_the_list_opens_no_document_and_says_what_the_page_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each kind of change: the plan, the text, a signature, other founders."""
    context, founding = world.hub.context, await propose(world)

    async def agrees(person: Person) -> None:
        await context.content_changes.write(founding["agreement_id"])
        listed = await person.get("/api/v1/foundings")
        with monkeypatch.context() as shut:
            shut.setattr(context, "storage", replace(context.storage, doc_log=Shut()))
            shut.setattr(context, "live_docs", Shut())
            assert await person.get("/api/v1/foundings") == listed
            await person.get("/api/v1/me/desk")
        page = await read(person, founding)
        (shown,) = [each for each in listed["foundings"] if each["twinspace_id"] == founding["twinspace_id"]]
        assert shown == {name: page[name] for name in shown}

    await agrees(world.founder)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
        await agrees(person)
    async with open_collab(world.teacher, founding["agreement_id"]) as document:
        await document.sign_in(world.teacher.token or "")
        await document.update(UPDATES["document"])
    assert (await read(world.founder, founding))["state"] == "changed"
    await agrees(world.teacher)
    await sign(world.founder, founding)
    await agrees(world.founder)
    changed = await world.founder.call("PATCH", path(founding), {**CHANGED_PLAN, "stage": "primary"})
    assert signed(changed.body) == [False, False]
    await agrees(world.founder)


async def test_a_hash_that_was_kept_before_a_crash_is_not_believed_of_a_newer_text(world: World) -> None:
    """The text is durable, the hub dies before anything else is written down."""
    context, founding = world.hub.context, await propose(world)
    before = (await read(world.founder, founding))["agreement"]
    await world.founder.get("/api/v1/foundings")
    await context.storage.doc_log.append(founding["agreement_id"], [UPDATES["document"]], user_id=None, at_ms=1)
    row = await context.storage.foundings.get(founding["twinspace_id"])
    standing = await read_stored_standing(context, row)
    assert standing.agreement != before
    assert (await context.storage.foundings.kept_agreement(row.twinspace_id))[1] is not None
