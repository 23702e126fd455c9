"""What follows when a consent was given, taken back or has run out: it acts at once, wherever the pupil is."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from crdt_docs.content import KINDS, wall, wall_talk
from hub.consents import NEEDED_TO_SEND, Kind, is_account_closed, read_allowed
from hub.context import Context
from hub.errors import Unavailable
from hub.logins import end_all_logins
from hub.names import outward_all
from hub.payloads.consents import ConsentChanged
from storage.records import Purpose, TwinspaceId, User, UserId

logger = logging.getLogger(__name__)


async def carry_out(context: Context, pupils: list[User], purposes: Collection[Purpose]) -> None:
    """End what is no longer allowed, then say what is. May be done again."""
    allowed = await read_allowed(context, pupils)
    if "first_name_to_partner" in purposes:
        await _rename(context, pupils)
    for pupil in pupils:
        for kind, purpose in NEEDED_TO_SEND.items():
            if purpose not in allowed[pupil.id]:
                await _withhold(context, pupil.id, kind)
        changed = ConsentChanged(allowed=sorted(allowed[pupil.id]))
        await context.announce.to_user(pupil.id, "consent:changed", changed)
        if "account" in purposes and await is_account_closed(context, pupil):
            await end_all_logins(context, pupil.id, "no_consent")


async def _rename(context: Context, pupils: list[User]) -> None:
    """Wherever everybody reads their names now: in meetings, in open documents, on cards."""
    called = await outward_all(context, pupils)
    twinspace_ids: set[TwinspaceId] = set()
    for user in called.values():
        context.live_rooms.rename(user)
        await context.live_docs.reauthorise(user.id)
        twinspace_ids |= {twinspace.id for twinspace in await context.storage.twinspaces.of_user(user.id)}

    def change(doc: Any) -> None:
        for card in wall.cards(doc):
            author = called.get(UserId(card["author_id"]))
            if author is not None and card["author_name"] != author.display_name:
                wall.rename_author(doc, card["id"], author.display_name)
        for comment in wall_talk.comments(doc):
            author = called.get(UserId(comment["author_id"]))
            if author is not None and comment["author_name"] != author.display_name:
                wall_talk.rename_commenter(doc, comment["id"], author.display_name)

    for twinspace_id in sorted(twinspace_ids):
        for content in await context.storage.contents.of_twinspace(twinspace_id):
            if KINDS[content.kind].has_talk:
                await context.live_docs.edit(content.id, content.kind, change, user_id=None)


async def _withhold(context: Context, user_id: UserId, kind: Kind) -> None:
    try:
        await context.live_rooms.tracks.withhold(user_id, kind)
    except Unavailable:
        # It is written down all the same; the consent watch tries again until it is done.
        logger.warning("a track of %s can't be ended at this moment", user_id)
