"""What is open is asked about again: whose role changed, and, after messages were lost, everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.doc_access import access_doc_again
from hub.doc_surroundings import DocAccess
from hub.errors import HubError, NotFound, NotSignedIn
from storage.records import LoginId
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_SH6_who_is_asked_about_again_must_still_be_signed_in(world: World) -> None:
    context, user = world.hub.context, world.teacher.user
    assert user is not None
    content = await context.storage.contents.get(await world.create("document"))
    (login,) = await context.storage.logins.of_user(user.id)
    held = DocAccess(
        content_id=content.id,
        twinspace_id=content.twinspace_id,
        kind=content.kind,
        user_id=user.id,
        display_name="",
        school_id=user.school_id,
        can_write=False,
        epoch=0,
        login_id=login.id,
        expires_at_ms=login.expires_at_ms,
    )
    assert (await access_doc_again(context, held)).can_write

    async def refusal(held: DocAccess) -> type[HubError]:
        with pytest.raises(HubError) as refused:
            await access_doc_again(context, held)
        return refused.type

    assert await refusal(replace(held, login_id=LoginId("gone"))) is NotFound
    # The message that it has ended may be lost; the row is not.
    await context.storage.logins.revoke(login.id, context.now_ms())
    assert await refusal(held) is NotSignedIn
