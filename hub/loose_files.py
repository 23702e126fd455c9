"""Files that were sent for cards and are on none: the upload was given up, or the card was taken off its wall.

A round notes which they are, and takes away those that were so for long enough. What a snapshot still holds stays
known, since it is by their rows that erasing a person or a card finds the bytes in snapshots.
"""

from __future__ import annotations

import json

from crdt_docs.content import wall
from hub.context import Context
from hub.errors import Unavailable
from hub.redaction import read_kept
from storage.records import CardFile, Content, ContentId


async def take_away(context: Context, before_ms: int) -> int:
    """Raise Unavailable when it can't be known what snapshots hold: then nothing is taken away."""
    cards, blobs = context.storage.cards, context.storage.blobs
    # Read first: what is put on a card while the walls are being looked at is at worst looked at again tomorrow.
    files = {content_id: await cards.files(content_id) for content_id in await cards.with_files()}
    free = {content_id: await _on_no_card(context, content_id, here) for content_id, here in files.items()}
    kept = await _kept_in_snapshots(context) if any(free.values()) else set()
    for content_id, here in free.items():
        loose = {file.id for file in here if kept.isdisjoint(_blobs(file))}
        await cards.note_loose(content_id, loose, context.now_ms())
    gone = await cards.remove_loose({file.id for here in free.values() for file in here}, before_ms)
    for blob in dict.fromkeys(blob for file in gone for blob in _blobs(file)):
        if not await cards.is_used(blob):
            await blobs.remove(blob)
    return len(gone)


def _blobs(file: CardFile) -> list[str]:
    return [blob for blob in (file.blob, file.preview) if blob is not None]


async def _on_no_card(context: Context, content_id: ContentId, files: list[CardFile]) -> list[CardFile]:
    on_cards = await _on_cards(context, await context.storage.contents.get(content_id), files)
    return [file for file in files if file.id not in on_cards]


async def _on_cards(context: Context, content: Content, files: list[CardFile]) -> set[str]:
    """The files of cards on the wall, of those that wait to come on it, and of those that are hidden and may return."""
    shown = await context.live_docs.read(content.id, content.kind, wall.cards)
    held = await context.storage.gate.of_content(content.id)
    hidden = {each.subject_id for each in await context.storage.safety.hidden(content.twinspace_id)}
    return {
        *(card["file_id"] for card in shown if card.get("file_id")),
        *(str(each.fields["file_id"]) for each in held if each.fields.get("file_id")),
        *(file.id for file in files if f"{content.id}:{file.card_id}" in hidden),
    }


async def _kept_in_snapshots(context: Context) -> set[str]:
    """Of every TwinSpace: the same bytes are kept once, whoever brought them."""
    kept: set[str] = set()
    for twinspace_id in await context.storage.snapshots.chains():
        for link in await context.storage.snapshots.of_twinspace(twinspace_id):
            tree = await read_kept(context, link.tree)
            if tree is None:
                raise Unavailable(f"The tree of snapshot {link.id} can't be read.")
            kept.update(json.loads(tree).values())
    return kept
