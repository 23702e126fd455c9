"""Ends the voice or camera of a pupil in a meeting within a second of the consent's end, and what else ends by itself.

It compares instead of listening, as the membership watch does: a withdrawal in another process, a consent that runs out
and one that was withdrawn while the publication was being negotiated are all found the same way.
"""

from __future__ import annotations

import asyncio
import logging

from hub.consent_effects import carry_out
from hub.consents import NEEDED_TO_SEND, read_allowed
from hub.context import Context
from hub.errors import HubError
from storage import ports
from storage.records import Purpose, UserId

logger = logging.getLogger(__name__)

EVERY_S = 0.5
RUN_OUT_EVERY_MS = 30_000
DOWN_MS = 7 * 24 * 60 * 60 * 1000
"""What ran out while the hub was down is caught up with so far back."""


class ConsentWatch:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._looked_until_ms = context.now_ms() - DOWN_MS

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.compare()
                await self.carry_out_ends()
            except (ports.Unavailable, HubError) as error:
                logger.warning("consents can't be compared now: %s", error)
            except Exception:
                # One bad row must not end the watch over all the others.
                logger.exception("comparing consents failed")
            await asyncio.sleep(EVERY_S)

    async def compare(self) -> None:
        """One round over everybody who sends anything."""
        sending = self._context.live_rooms.sending()
        allowed = await read_allowed(self._context, {user.id: user for user, _ in sending}.values())
        for user, kind in sending:
            if NEEDED_TO_SEND[kind] not in allowed[user.id]:
                await self._context.live_rooms.tracks.withhold(user.id, kind)

    async def carry_out_ends(self) -> None:
        """What consents that have run out since the last time leave behind: names on cards, open logins."""
        now_ms = self._context.now_ms()
        if now_ms - self._looked_until_ms < RUN_OUT_EVERY_MS:
            return
        storage = self._context.storage
        by_user: dict[UserId, set[Purpose]] = {}
        for entry in await storage.consents.run_out(self._looked_until_ms, now_ms):
            by_user.setdefault(entry.user_id, set()).add(entry.purpose)
        for user_id, purposes in by_user.items():
            pupil = await storage.users.get_user(user_id)
            if pupil.state != "closed":
                await carry_out(self._context, [pupil], purposes)
        self._looked_until_ms = now_ms
