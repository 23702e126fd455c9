"""Sends what waits: invitations, digests, pushes, reminders. Nothing is lost by a crash: it waits in the database.

Several processes may run one each: what one has taken, no other takes before its lease is over.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import replace

from hub.assessment_standing import look_after
from hub.context import Context
from hub.digests import DigestLetter, digest_is_due, write_digest
from hub.errors import HubError, Invalid, Unavailable
from hub.invitations import write_invitation, write_series
from hub.notices import notify
from hub.planning import invited_members
from hub.web_push import WebPush
from storage import ports
from storage.records import Delivery, Preferences

logger = logging.getLogger(__name__)

EVERY_S = 2.0
ASSESSMENTS_EVERY_MS = 60_000
DIGESTS_EVERY_MS = 5 * 60_000
SOON_MS = 15 * 60_000
"""How long before a meeting those who are asked to it are reminded."""
LEASE_MS = 120_000
AT_ONCE = 20
RETRY_MS = (60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 8 * 3_600_000, 24 * 3_600_000)
KEEP_NOTICES_MS = 180 * 24 * 3_600_000


class Postman:
    def __init__(self, context: Context, push: WebPush) -> None:
        self._context = context
        self._push = push
        self._assessments_at_ms = 0
        self._digests_at_ms = 0
        self._reminded_until_ms = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.remind()
                await self.deliver()
                if self._context.now_ms() - self._assessments_at_ms >= ASSESSMENTS_EVERY_MS:
                    self._assessments_at_ms = self._context.now_ms()
                    await look_after(self._context)
                if self._context.now_ms() - self._digests_at_ms >= DIGESTS_EVERY_MS:
                    self._digests_at_ms = self._context.now_ms()
                    await self.start_digests()
                    await self._context.storage.notices.forget(self._digests_at_ms - KEEP_NOTICES_MS)
            except (ports.StorageError, HubError) as error:
                logger.warning("letters can't be sent now: %s", error)
            except Exception:
                # One bad row must not keep all the others waiting.
                logger.exception("sending letters failed")
            await asyncio.sleep(EVERY_S)

    async def deliver(self) -> int:
        """Send what is due; returns how many were taken."""
        deliveries = self._context.storage.deliveries
        taken = await deliveries.take(self._context.now_ms(), LEASE_MS, AT_ONCE)
        for delivery in taken:
            try:
                await self._send(delivery)
            except Unavailable as error:
                await self._later(delivery, error)
            else:
                await deliveries.finish(delivery.id)
        return len(taken)

    async def _later(self, delivery: Delivery, error: Unavailable) -> None:
        deliveries, now_ms = self._context.storage.deliveries, self._context.now_ms()
        if delivery.tries > len(RETRY_MS) or now_ms > delivery.data.get("until_ms", now_ms):
            logger.warning("a %s was given up after %d tries: %s", delivery.channel, delivery.tries, error)
            await deliveries.finish(delivery.id)
        else:
            await deliveries.postpone(delivery.id, now_ms + RETRY_MS[delivery.tries - 1])

    async def _send(self, delivery: Delivery) -> None:
        if delivery.channel == "push":
            await self._send_push(delivery)
            return
        user = await self._context.storage.users.get_user(delivery.user_id)
        if delivery.data["what"] == "invitation":
            letter = await write_invitation(self._context, user, delivery.data)
        elif delivery.data["what"] == "series":
            letter = await write_series(self._context, user, delivery.data)
        else:
            letter = await write_digest(self._context, user, DigestLetter(**delivery.data["digest"]))
        if letter is not None:
            await self._context.mailer.send(letter)

    async def _send_push(self, delivery: Delivery) -> None:
        storage, now_ms = self._context.storage, self._context.now_ms()
        if now_ms > delivery.data["until_ms"]:
            return
        for browser in await storage.deliveries.subscriptions([delivery.user_id], now_ms):
            if browser.endpoint != delivery.data["endpoint"]:
                continue
            # The kind is all it says: the browser shows its own words, and who taps reads the rest in the page.
            text = b'{"kind":"%s"}' % delivery.data["kind"].encode()
            life_s = max(60, (delivery.data["until_ms"] - now_ms) // 1000)
            try:
                answer = await self._push.send(browser.endpoint, browser.p256dh, browser.auth, text, life_s=life_s)
            except Invalid:
                answer = "gone"  # The operator does not allow this service any more.
            if answer == "gone":
                await storage.deliveries.unsubscribe(browser.endpoint)

    async def remind(self) -> None:
        """Tell those who are asked to a meeting that it begins soon; who was told is not told twice."""
        context, now_ms = self._context, self._context.now_ms()
        since_ms = max(now_ms, self._reminded_until_ms)
        for meeting in await context.storage.plan.meetings_between(since_ms, now_ms + SOON_MS):
            members = await context.storage.twinspaces.members(meeting.twinspace_id)
            invited = invited_members(meeting, members, await context.storage.teams.of_twinspace(meeting.twinspace_id))
            subject = f"{meeting.id}:{meeting.starts_at_ms}"
            details = {"title": meeting.title, "starts_at_ms": meeting.starts_at_ms, "room_id": meeting.room_id}
            told = {
                user_id
                for user_id in invited
                for notice in await context.storage.notices.of_user(user_id, 100)
                if (notice.kind, notice.subject_id) == ("meeting_soon", subject)
            }
            await notify(
                context,
                [user_id for user_id in invited if user_id not in told],
                "meeting_soon",
                subject_id=subject,
                details=details,
                twinspace_id=meeting.twinspace_id,
            )
        self._reminded_until_ms = now_ms + SOON_MS

    async def start_digests(self) -> None:
        """Queue a digest for everybody whose hour has come; of several processes one does it."""
        context, storage = self._context, self._context.storage
        candidates = await storage.notices.digest_candidates()
        preferences = await storage.preferences.of_users(candidates)
        for user_id in candidates:
            chosen, now_ms = preferences[user_id], context.now_ms()
            user = await storage.users.get_user(user_id)
            if not await digest_is_due(context, user, chosen, now_ms):
                continue
            told = replace(chosen, digest_at_ms=now_ms, mail_secret=chosen.mail_secret or secrets.token_urlsafe(24))
            await storage.notices.start_digest(told, chosen.digest_at_ms, [self._digest(chosen, told, now_ms)])

    def _digest(self, former: Preferences, told: Preferences, now_ms: int) -> Delivery:
        digest = {"since_ms": former.digest_at_ms, "until_ms": now_ms, "secret": told.mail_secret}
        data = {"what": "digest", "digest": digest}
        return Delivery(f"digest:{told.user_id}:{now_ms}", "mail", told.user_id, data, now_ms)
