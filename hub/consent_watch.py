"""Ends the voice or camera of a pupil in a meeting within a second of the consent's end.

It compares instead of listening, as the membership watch does: a withdrawal in another process, a consent that runs out
and one that was withdrawn while the publication was being negotiated are all found the same way.
"""

from __future__ import annotations

import asyncio
import logging

from hub.consents import NEEDED_TO_SEND, read_allowed
from hub.context import Context
from hub.errors import HubError
from storage import ports

logger = logging.getLogger(__name__)

EVERY_S = 0.5


class ConsentWatch:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.compare()
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
