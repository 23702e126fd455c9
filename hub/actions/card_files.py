"""Pictures, files and recordings on cards. They follow the gate: what waits is its author's and the author's teachers',
and to everybody else it is not there, whoever knows its address."""

from __future__ import annotations

from pathlib import Path

from hub.access import Access, Act, access_content
from hub.actions.walls import KIND, access_wall, read_card
from hub.context import Context, Session
from hub.errors import Invalid, NotFound, TooLarge
from hub.file_types import PICTURES, SHOWN, clean_name
from hub.payloads.materials import UploadMetadata
from hub.payloads.operations import StoredFile
from hub.payloads.walls import CardFileRef
from hub.previews import Looked
from hub.uploads import Upload
from storage import ports
from storage.records import CardFile, CardFileId, Content, ContentId, TwinspaceId

LIMITS_BYTES = {"image": 15 * 1024 * 1024, "audio": 15 * 1024 * 1024}
"""Of what cards show in the page; files have the hub's own limit."""


async def check_coming(
    context: Context, session: Session, twinspace_id: TwinspaceId, metadata: UploadMetadata, length: int
) -> Content:
    """The wall that the file is for. Raise NotFound, or TooLarge."""
    assert metadata.wall_id is not None
    _, content = await access_wall(context, session, metadata.wall_id, Act.WRITE)
    if content.twinspace_id != twinspace_id:
        raise NotFound
    limit = LIMITS_BYTES.get(metadata.card_kind)
    if limit is not None and length > limit:
        what = "picture" if metadata.card_kind == "image" else "recording"
        raise TooLarge(f"A {what} on a card has at most {limit // (1024 * 1024)} MiB.", field="Upload-Length")
    return content


async def keep_card_file(
    context: Context, session: Session, upload: Upload, metadata: UploadMetadata, looked: Looked
) -> None:
    """Its id is the upload's; a card names it. Raise Invalid for what is not what it says it is."""
    content = await check_coming(context, session, TwinspaceId(upload.twinspace_id), metadata, upload.length)
    _check_kind(metadata.card_kind, looked.media_type)
    blobs = context.storage.blobs
    file = CardFile(
        id=CardFileId(upload.id),
        twinspace_id=content.twinspace_id,
        content_id=content.id,
        card_id=None,
        uploaded_by=session.user.id,
        school_id=session.user.school_id,
        blob=await blobs.put_file(looked.file),
        filename=clean_name(metadata.filename),
        media_type=looked.media_type,
        size_bytes=looked.file.stat().st_size,
        uploaded_at_ms=context.now_ms(),
        preview=await blobs.put_file(looked.preview) if looked.preview else None,
        width=looked.width,
        height=looked.height,
    )
    try:
        await context.storage.cards.add_file(file)
    except ports.Conflict:
        # The hub was killed after this had been done.
        return


async def fetch_card_file(context: Context, session: Session, payload: CardFileRef) -> StoredFile:
    return hand_over_card_file(context, await _access_file(context, session, payload))


async def fetch_card_preview(context: Context, session: Session, payload: CardFileRef) -> StoredFile:
    return hand_over_card_preview(context, await _access_file(context, session, payload))


def hand_over_card_file(context: Context, file: CardFile) -> StoredFile:
    return hand_over_blob(context, file.blob, file.media_type, file.filename)


def hand_over_card_preview(context: Context, file: CardFile) -> StoredFile:
    if file.preview is None:
        raise NotFound
    return hand_over_blob(context, file.preview, "image/webp", "preview.webp")


def hand_over_blob(context: Context, blob: str, media_type: str, filename: str) -> StoredFile:
    path, is_shown = Path(context.storage.blobs.path(blob)), media_type in SHOWN
    content_type = media_type if is_shown else "application/octet-stream"
    return StoredFile(content_type=content_type, filename=filename, path=path, is_shown=is_shown)


async def _access_file(context: Context, session: Session, payload: CardFileRef) -> CardFile:
    access, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    if content.kind != KIND:
        raise NotFound
    try:
        file = await context.storage.cards.get_file(CardFileId(payload.file_id))
    except ports.NotFound:
        raise NotFound from None
    if file.content_id != content.id:
        raise NotFound
    if not _is_mine_to_see(access, file) and not await is_on_wall(context, content, file):
        raise NotFound
    return file


def _is_mine_to_see(access: Access, file: CardFile) -> bool:
    return file.uploaded_by == access.user.id or (access.may(Act.GATE) and access.user.school_id == file.school_id)


async def is_on_wall(context: Context, content: Content, file: CardFile) -> bool:
    """Whether a card that everybody sees shows it."""
    card = await read_card(context, content, file.card_id) if file.card_id is not None else None
    return card is not None and card["file_id"] == file.id


def _check_kind(card_kind: str, media_type: str) -> None:
    if card_kind == "image" and media_type not in PICTURES:
        raise Invalid("This is no picture that can be shown: it has to be PNG, JPEG, GIF or WebP inside.", field="file")
    if card_kind == "audio" and not (media_type.startswith("audio/") and media_type in SHOWN):
        raise Invalid("This is no recording that can be played.", field="file")
