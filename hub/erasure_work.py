"""Carries out erasures that were asked for, one after the other, outside of any request.

Each is a row until it is done: a hub that dies in the middle begins it again when it is back, and every step may be
done twice. Of several processes one takes it.
"""

from __future__ import annotations

import asyncio
import logging

from hub import erasure, moderation
from hub.context import Context
from hub.errors import HubError
from storage import ports
from storage.records import ErasureJob, TwinspaceId

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
LEASE_MS = 60_000
"""After a crash it goes on so soon. Files that take longer to rewrite may be rewritten twice, which does no harm."""
AGAIN_MS = 20_000
"""After which time something that failed is tried again."""
REWRITING = 90
"""Of a hundred: all is taken out, and the files are being written anew."""


async def run(context: Context) -> None:
    """Until cancelled."""
    while True:
        context.erasing.asked.clear()
        try:
            while await work_off(context):
                pass
            context.erasing.rest()
        except ports.StorageError as error:
            logger.warning("erasures can't be looked for now: %s", error)
        except Exception:
            logger.exception("looking for erasures failed")
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await context.erasing.asked.wait()
        except TimeoutError:
            pass


async def work_off(context: Context) -> bool:
    """Do the oldest that nobody does. False: there is none."""
    now_ms = context.now_ms()
    job = await context.storage.erasure.take_job(now_ms, now_ms + LEASE_MS)
    if job is None:
        return False
    try:
        await _carry_out(context, job)
    except (ports.StorageError, HubError, OSError) as error:
        logger.warning("erasure %s is tried again: %s", job.id, error)
        await context.storage.erasure.note_job(job.id, job.done, context.now_ms() + AGAIN_MS)
    except Exception:
        # A fault of ours must not keep the others waiting.
        logger.exception("erasure %s failed and is tried again", job.id)
        await context.storage.erasure.note_job(job.id, job.done, context.now_ms() + AGAIN_MS)
    return True


async def _carry_out(context: Context, job: ErasureJob) -> None:
    storage = context.storage

    async def tell(done: int) -> None:
        await storage.erasure.note_job(job.id, done, context.now_ms() + LEASE_MS)

    if job.user_id is not None:
        user = await storage.users.get_user(job.user_id)
        await erasure.erase_person(context, user, texts=job.texts, tell=tell)
    await tell(REWRITING)
    await erasure.leave_no_byte(context)
    if job.user_id is not None:
        rows = await storage.erasure.person_rows(job.user_id)
        by = await storage.users.get_user(job.asked_by)
        for row in rows.get("members", ()):
            await moderation.note(
                context,
                TwinspaceId(str(row["twinspace_id"])),
                "erased",
                by,
                kind="member",
                subject_id=job.user_id,
                details={"texts": job.texts},
            )
    await storage.erasure.finish_job(job.id, context.now_ms())
