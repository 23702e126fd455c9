"""Lets successors of founders take their place once the days are over in which somebody could have said no."""

from __future__ import annotations

import asyncio
import logging

from hub.actions.successions import settle_due
from hub.context import Context
from storage import ports

logger = logging.getLogger(__name__)

EVERY_S = 60


async def watch(context: Context) -> None:
    """Until cancelled. Several processes may ask: it is done once."""
    while True:
        try:
            await settle_due(context)
        except ports.StorageError as error:
            logger.warning("successions can't be settled now: %s", error)
        except Exception:
            # One bad row must not end the watch over all the others.
            logger.exception("settling successions failed")
        await asyncio.sleep(EVERY_S)
