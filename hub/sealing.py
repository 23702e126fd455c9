"""Seals a content: from a moment on nobody writes it any more, on any channel, and what it held is kept as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from crdt_docs.errors import ContentError
from hub.context import Context
from hub.errors import Conflict, HubError
from storage import ports
from storage.records import Content, ContentId, Json, Seal, UserId

Reader = Callable[[Any], Json]
"""What is kept of the document. It raises ContentError or HubError when it can't be sealed as it is."""


async def seal(context: Context, content: Content, sealed_by: UserId, read: Reader) -> Seal:
    """The seal; when others were first, theirs. Raise ContentError or HubError as `read` does: then it stays open.

    First the row that takes writing away, then everybody who has it open is asked again, and only when all they wrote
    is stored the document is read: so what is kept is what will be there for good.
    """
    await context.live_docs.read(content.id, content.kind, read)
    try:
        await context.storage.seals.begin(content.id, sealed_by=sealed_by, at_ms=context.now_ms())
    except ports.Conflict:
        pass
    return await _finish(context, content, read)


async def find_seal(context: Context, content: Content, read: Reader) -> Seal | None:
    """None when it is open. One that a killed hub left half done is finished now."""
    try:
        found = await context.storage.seals.get(content.id)
    except ports.NotFound:
        return None
    return found if found.sealed is not None else await _finish(context, content, read)


def digest_of(value: Json) -> str:
    """SHA-256 of the value as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def is_sealed(context: Context, content_id: ContentId) -> bool:
    try:
        await context.storage.seals.get(content_id)
    except ports.NotFound:
        return False
    return True


async def _finish(context: Context, content: Content, read: Reader) -> Seal:
    await context.live_docs.reauthorise(None, content.twinspace_id)
    try:
        held = await context.live_docs.read(content.id, content.kind, read)
        return await context.storage.seals.finish(content.id, held)
    except ports.NotFound:
        # Somebody else began as well, found that it can not be sealed, and opened it again.
        raise Conflict from None
    except (ContentError, HubError):
        await context.storage.seals.abandon(content.id)
        await context.live_docs.reauthorise(None, content.twinspace_id)
        raise
