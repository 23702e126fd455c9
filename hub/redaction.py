"""Takes erased things out of snapshots: the tree keeps the hash of what was there, a copy without it is kept beside.

So the chain proves what it always proved, `hub verify` counts what was taken out, and what others made stays readable.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from crdt_docs.content import KINDS
from crdt_docs.erasure import change_state
from hub.context import Context
from hub.lane_names import ALL
from storage import ports
from storage.canonical_json import canonical_json
from storage.records import ContentId, Redaction, ThreadId, TwinspaceId, UserId
from storage.snapshots import hash_blob

Change = Callable[[Any], Any]
"""Deletes from a Y.Doc; what it returns is true when there was anything."""


async def read_kept(context: Context, blob: str) -> bytes | None:
    """The bytes that a tree names, or what is left of them. None: nothing is left, or they are damaged."""
    redaction = (await context.storage.erasure.redactions()).get(blob)
    name = blob if redaction is None else redaction.copy
    if name is None:
        return None
    try:
        data = await context.storage.blobs.get(name)
    except ports.NotFound:
        return None
    return data if hash_blob(data) == name else None


class Redactor:
    """Walks the snapshots of one TwinSpace. A blob that many of them hold is taken out once."""

    def __init__(self, context: Context, twinspace_id: TwinspaceId) -> None:
        self._context = context
        self._twinspace_id = twinspace_id
        self._done: set[str] = set()
        self.count = 0
        """How many blobs were redacted."""

    async def content(self, content_id: ContentId, kind: str, change: Change | None) -> None:
        """Change a content in every snapshot that has it; None: nothing of it is left."""
        for tree in await self._trees():
            shown, state = (tree.get(f"contents/{content_id}/{name}") for name in ("content.json", "state.yjs"))
            if shown is None or state is None or shown in self._done:
                continue
            self._done.add(shown)
            if change is None:
                await self._replace(shown, None)
                await self._replace(state, None)
                continue
            about, former = await read_kept(self._context, shown), await read_kept(self._context, state)
            if about is None or former is None:
                continue
            changed, is_other = self._changed(former, change, kind)
            if is_other:
                former_blocks = json.loads(about)["blocks"]
                kept = {**json.loads(about), "blocks": _with_counts(former_blocks, changed[1])}
                await self._replace(shown, canonical_json(kept))
                await self._replace(state, changed[0])

    def _changed(self, state: bytes, change: Change, kind: str) -> tuple[tuple[bytes, Any], bool]:
        found: list[bool] = []
        changed = change_state(state, lambda doc: found.append(bool(change(doc))), KINDS[kind].blocks)
        return changed, found[0]

    async def sealed(self, content_id: ContentId, left: Callable[[list[Any]], list[Any]] | None) -> None:
        """A content as it was sealed for the inspection: what is left of its blocks; None: nothing of it.

        No names stand there, and no Yjs state, so that whoever erases says which blocks are meant.
        """
        for share in await self._context.storage.shares.of_twinspace(self._twinspace_id):
            tree = await read_kept(self._context, share.seal) if share.seal else None
            blob = json.loads(tree).get(f"items/{content_id}.json") if tree is not None else None
            if blob is None or blob in self._done:
                continue
            self._done.add(blob)
            if left is None:
                await self._replace(blob, None)
            else:
                await self._change(blob, lambda item: {**item, "blocks": left(item["blocks"])})

    async def messages(self, is_erased: Callable[[dict[str, Any]], bool]) -> None:
        for tree in await self._trees():
            await self._items(tree.get("messages.json"), None, is_erased)

    async def posts(self, thread_id: ThreadId, is_erased: Callable[[dict[str, Any]], bool]) -> None:
        """Of one thread of the forum."""
        for tree in await self._trees():
            await self._items(tree.get(f"forum/{thread_id}.json"), "posts", is_erased)

    async def talk_of(self, user_id: UserId) -> None:
        """What somebody wrote in the forum and as motions of debates."""

        def left(kept: Any) -> Any:
            mine: dict[str, Any] = {"title": "", "motion": ""} if kept["created_by"] == user_id else {}
            if "posts" in kept:
                mine["posts"] = [post for post in kept["posts"] if post["user_id"] != user_id]
            return {**kept, **{name: value for name, value in mine.items() if name in kept}}

        for tree in await self._trees():
            for path, blob in tree.items():
                if path.startswith(("forum/", "debates/")) and blob not in self._done:
                    self._done.add(blob)
                    await self._change(blob, left)

    async def whole(self, path: str) -> None:
        """A file that is erased as a whole, in every snapshot that has it."""
        for tree in await self._trees():
            if (blob := tree.get(path)) is not None and blob not in self._done:
                self._done.add(blob)
                await self._replace(blob, None)

    async def answers(self, content_id: ContentId | None, is_erased: Callable[[dict[str, Any]], bool]) -> None:
        """Of one form, or of all."""
        start = f"forms/{content_id}/" if content_id is not None else "forms/"
        for tree in await self._trees():
            for path, blob in tree.items():
                if path.startswith(start):
                    await self._items(blob, "responses", is_erased)

    async def whole_forms(self, content_id: ContentId) -> None:
        for tree in await self._trees():
            for path, blob in tree.items():
                if path.startswith(f"forms/{content_id}/") and blob not in self._done:
                    self._done.add(blob)
                    await self._replace(blob, None)

    async def _items(self, blob: str | None, field: str | None, is_erased: Callable[[dict[str, Any]], bool]) -> None:
        if blob is None or blob in self._done:
            return
        self._done.add(blob)

        def left(value: Any) -> Any:
            items = [item for item in (value if field is None else value[field]) if not is_erased(item)]
            return items if field is None else {**value, field: items}

        await self._change(blob, left)

    async def _change(self, blob: str, change: Callable[[Any], Any]) -> None:
        """Put the changed JSON in the place of what is kept, where there is any difference."""
        data = await read_kept(self._context, blob)
        if data is not None and (changed := canonical_json(change(json.loads(data)))) != data:
            await self._replace(blob, changed)

    async def _replace(self, blob: str, left: bytes | None) -> None:
        """First what is left, then the word that it is left, then the end of what was there."""
        storage = self._context.storage
        former = (await storage.erasure.redactions()).get(blob)
        copy = None if left is None else await storage.blobs.put(left)
        await storage.erasure.redact(Redaction(blob, copy, self._context.now_ms()))
        for gone in (blob, former.copy if former else None):
            if gone is not None and gone != copy:
                await storage.blobs.remove(gone)
        self.count += 1

    async def _trees(self) -> list[dict[str, str]]:
        trees = []
        for link in await self._context.storage.snapshots.of_twinspace(self._twinspace_id):
            data = await read_kept(self._context, link.tree)
            if data is not None:
                trees.append(json.loads(data))
        return trees


def _with_counts(former: list[dict[str, Any]], blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was chosen in the polls of the cards that are left stands in no document."""
    counts = {block["id"]: block["counts"] for block in former if "counts" in block}
    return [block | {"counts": counts[block["id"]]} if block.get("id") in counts else block for block in blocks]


def is_message(seq: int, lane: str = ALL) -> Callable[[dict[str, Any]], bool]:
    """A message of everybody's lane is kept without its lane."""
    return lambda item: (item.get("lane", ALL), item["seq"]) == (lane, seq)


def is_of(user_id: UserId) -> Callable[[dict[str, Any]], bool]:
    return lambda item: item["user_id"] == user_id
