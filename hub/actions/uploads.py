"""Resumable uploads: begin, ask how far, go on, give up. The last byte makes a material of it."""

from __future__ import annotations

import base64

from hub import uploads
from hub.access import Act, access_material, access_twinspace
from hub.actions.card_files import check_coming, keep_card_file
from hub.actions.journal import record
from hub.actions.materials import check_mine, describe, note_added
from hub.audience import tell
from hub.context import Context, Session
from hub.errors import Conflict as Elsewhere
from hub.errors import HubError, Invalid, Locked, NotFound, TooLarge, WrongChecksum
from hub.file_types import clean_name, sniff
from hub.payloads.materials import AppendUpload, CreateUpload, UploadMetadata, UploadRef, UploadState
from hub.uploads import ALGORITHMS, Upload
from hub.visibility import starting_rung
from storage import ports
from storage.records import Material, MaterialFile, MaterialId, TwinspaceId


async def create_upload(context: Context, session: Session, payload: CreateUpload) -> UploadState:
    """Raise TooLarge when the file, or the TwinSpace with it, would be larger than the hub's settings allow."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.UPLOAD)
    if payload.length == 0:
        raise Invalid("This file is empty.", field="Upload-Length")
    limit, quota = context.settings.file_limit_bytes, context.settings.twinspace_quota_bytes
    if payload.length > limit:
        raise TooLarge(f"A file has at most {_megabytes(limit)}.", field="Upload-Length")
    if payload.metadata.wall_id is not None:
        await check_coming(context, session, access.twinspace.id, payload.metadata, payload.length)
    if payload.metadata.material_id is not None:
        await _target(context, session, payload.metadata.material_id, access.twinspace.id)
    coming = sum(each.length for each in await context.uploads.open() if each.twinspace_id == access.twinspace.id)
    used = await context.storage.materials.used_bytes(access.twinspace.id)
    used += await context.storage.cards.used_bytes(access.twinspace.id)
    if used + coming + payload.length > quota:
        raise TooLarge(f"The files of this TwinSpace may take {_megabytes(quota)} together.", field="Upload-Length")
    metadata = payload.metadata.model_dump(exclude_none=True)
    upload = await context.uploads.create((access.twinspace.id, session.user.id), payload.length, metadata)
    return await _state(context, upload, 0)


async def read_upload(context: Context, session: Session, payload: UploadRef) -> UploadState:
    """One that has all its bytes, and of which the hub was killed before it was kept, is kept now."""
    upload = await _access(context, session, payload.upload_id)
    offset = await context.uploads.offset(upload)
    if offset == upload.length and not context.uploads.is_finished(upload):
        await _keep(context, session, upload)
    return await _state(context, upload, offset)


async def append_upload(context: Context, session: Session, payload: AppendUpload) -> UploadState:
    upload = await _access(context, session, payload.upload_id)
    if context.uploads.is_finished(upload):
        raise Elsewhere("This upload is whole already.", field="Upload-Offset")
    await access_twinspace(context, session.user, TwinspaceId(upload.twinspace_id), Act.UPLOAD)
    checksum = _read_checksum(payload.checksum) if payload.checksum else None
    try:
        offset = await context.uploads.append(upload, payload.offset, payload.parts(), checksum)
    except uploads.WrongOffset:
        raise Elsewhere("The upload is at another place. Ask how far it is.", field="Upload-Offset") from None
    except uploads.Locked:
        raise Locked from None
    except uploads.ChecksumMismatch:
        raise WrongChecksum(field="Upload-Checksum") from None
    if offset == upload.length:
        await _keep(context, session, upload)
    return await _state(context, upload, offset)


async def end_upload(context: Context, session: Session, payload: UploadRef) -> None:
    upload = await _access(context, session, payload.upload_id)
    try:
        await context.uploads.remove(upload)
    except uploads.Locked:
        raise Locked from None


async def _access(context: Context, session: Session, upload_id: str) -> Upload:
    """Everybody's own alone."""
    upload = await context.uploads.get(upload_id)
    if upload.user_id != session.user.id:
        raise NotFound
    return upload


async def _state(context: Context, upload: Upload, offset: int) -> UploadState:
    expires_at_ms = await context.uploads.expires_at_ms(upload)
    return UploadState(upload_id=upload.id, offset=offset, length=upload.length, expires_at_ms=expires_at_ms)


async def _target(context: Context, session: Session, material_id: str, twinspace_id: TwinspaceId) -> Material:
    """The material that gets the file. Raise NotFound."""
    access, material = await access_material(context, session.user, MaterialId(material_id), Act.UPLOAD)
    if material.twinspace_id != twinspace_id:
        raise NotFound
    check_mine(access, material)
    return material


async def _keep(context: Context, session: Session, upload: Upload) -> None:
    """Make a material, or a version, of what has come. Whatever is refused now is refused for good: the upload goes.

    It may run twice for one upload, when the hub was killed in between: the second time finds what the first one made.
    """
    try:
        await _keep_file(context, session, upload)
    except HubError as error:
        if error.status < 500:
            await context.uploads.remove(upload)
        raise
    await context.uploads.finish(upload)


async def _keep_file(context: Context, session: Session, upload: Upload) -> None:
    metadata = UploadMetadata.model_validate(upload.metadata)
    twinspace_id, now_ms = TwinspaceId(upload.twinspace_id), context.now_ms()
    access = await access_twinspace(context, session.user, twinspace_id, Act.UPLOAD)
    target = await _target(context, session, metadata.material_id, twinspace_id) if metadata.material_id else None
    data = context.uploads.data(upload)
    looked = await context.previews.look(data.parent, sniff(data))
    if metadata.wall_id is not None:
        await keep_card_file(context, session, upload, metadata, looked)
        return
    blobs, filename = context.storage.blobs, clean_name(metadata.filename)
    file = MaterialFile(
        material_id=target.id if target else MaterialId(upload.id),
        version=target.version + 1 if target else 1,
        blob=await blobs.put_file(looked.file),
        filename=filename,
        media_type=looked.media_type,
        size_bytes=looked.file.stat().st_size,
        uploaded_by=session.user.id,
        uploaded_at_ms=now_ms,
        preview=await blobs.put_file(looked.preview) if looked.preview else None,
        width=looked.width,
        height=looked.height,
    )
    if target is not None:
        await _replace(context, session, upload, target, file)
        return
    material = Material(
        id=file.material_id,
        twinspace_id=twinspace_id,
        kind="file",
        title=metadata.title or filename,
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
        folder=metadata.folder,
        alt=metadata.alt,
        licence=metadata.licence,
        version=1,
        visibility="me" if metadata.private else starting_rung("file", access.member.role),
        school_id=session.user.school_id,
    )
    try:
        await context.storage.materials.add(material, file)
    except ports.Conflict:
        return
    await note_added(context, session.user, material)


async def _replace(context: Context, session: Session, upload: Upload, target: Material, file: MaterialFile) -> None:
    newest = next(iter(await context.storage.materials.files(target.id)), None)
    if newest is not None and newest.blob == file.blob and newest.uploaded_at_ms >= upload.created_at_ms:
        return
    changed = await context.storage.materials.add_file(file)
    if file.media_type.startswith(("image/", "video/")) and target.faces != "unsaid":
        # Another picture: who is in it has to be said anew before people outside see it.
        changed = await context.storage.materials.change(target.id, context.now_ms(), faces="unsaid", pictured=())
    reply = await describe(context, changed)
    await tell(context, changed.twinspace_id, changed, "material:changed", reply)
    if target.version:
        details = {"title": changed.title, "kind": changed.kind, "version": changed.version}
        await record(context, changed.twinspace_id, "file_replaced", session.user, changed.id, details, about=changed)


def _read_checksum(said: str) -> tuple[str, bytes]:
    algorithm, _, encoded = said.partition(" ")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        digest = b""
    if algorithm not in ALGORITHMS or not digest:
        raise Invalid(f"Checksums are known in {', '.join(ALGORITHMS)}.", field="Upload-Checksum")
    return algorithm, digest


def _megabytes(count: int) -> str:
    return f"{count / (1024 * 1024):g} MiB" if count >= 1024 * 1024 else f"{count} bytes"
