"""Links for families, the inspection and everybody: make, list, revoke; and, for who holds one, look."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from hub import outside
from hub.access import Act, access_twinspace
from hub.actions.journal import record
from hub.actions.materials import hand_over, hand_over_preview
from hub.auth import DAY_MS, SECRET_BYTES, hash_login_secret
from hub.context import Caller, Context, Session
from hub.errors import NotFound, Unavailable
from hub.file_types import SHOWN
from hub.payloads.operations import StoredFile
from hub.payloads.shares import (
    MakeShare,
    NewShare,
    OpenShare,
    Share,
    Shared,
    SharedFile,
    SharedFileRef,
    SharedItem,
    SharedSchool,
    ShareRef,
    Shares,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_schools, read_users
from storage import ports, records
from storage.canonical_json import canonical_json
from storage.records import ShareId, TwinspaceId
from storage.snapshots import hash_blob

ADDRESS_BYTES = 9
TICKET_MS = 60 * 60 * 1000


async def make_share(context: Context, session: Session, payload: MakeShare) -> NewShare:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.PUBLISH)
    is_public, now_ms = payload.audience == "public", context.now_ms()
    secret = secrets.token_urlsafe(ADDRESS_BYTES if is_public else SECRET_BYTES)
    share = records.Share(
        id=ShareId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        audience=payload.audience,
        secret_hash=hash_login_secret(secret),
        title=payload.title,
        made_by=session.user.id,
        created_at_ms=now_ms,
        expires_at_ms=None if is_public else now_ms + payload.days * DAY_MS,
        address=secret if is_public else "",
        seal=await _seal(context, access.twinspace) if payload.audience == "inspection" else "",
    )
    await context.storage.shares.add(share)
    details = {"title": share.title, "audience": share.audience, **({"seal": share.seal} if share.seal else {})}
    await record(context, access.twinspace.id, "share_made", session.user, share.id, details)
    url = _public_url(context, share) or f"{context.settings.base_url}/shared#secret={secret}"
    return NewShare(id=share.id, url=url, expires_at_ms=share.expires_at_ms, seal=share.seal or None)


async def list_shares(context: Context, session: Session, payload: TwinspaceRef) -> Shares:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.PUBLISH)
    found = await context.storage.shares.of_twinspace(access.twinspace.id)
    users = await read_users(context.storage, [share.made_by for share in found])
    return Shares(
        shares=[
            Share(
                id=share.id,
                audience=share.audience,
                title=share.title,
                made_by=users[share.made_by].display_name,
                created_at_ms=share.created_at_ms,
                expires_at_ms=share.expires_at_ms,
                is_open=_is_open(context, share),
                url=_public_url(context, share),
                seal=share.seal or None,
            )
            for share in found
        ]
    )


async def revoke_share(context: Context, session: Session, payload: ShareRef) -> None:
    """Nobody sees anything by it any more, from the next request on."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.PUBLISH)
    try:
        share = await context.storage.shares.get(ShareId(payload.share_id))
    except ports.NotFound:
        raise NotFound from None
    if share.twinspace_id != access.twinspace.id:
        raise NotFound
    await context.storage.shares.revoke(share.id, context.now_ms())
    details = {"title": share.title, "audience": share.audience}
    await record(context, share.twinspace_id, "share_revoked", session.user, share.id, details)


async def open_share(context: Context, caller: Caller, payload: OpenShare) -> Shared:
    """Raise NotFound for a link that is unknown, expired or revoked."""
    try:
        share = await context.storage.shares.find(hash_login_secret(payload.secret))
    except ports.NotFound:
        raise NotFound from None
    if not _is_open(context, share):
        raise NotFound
    twinspace = await context.storage.twinspaces.get(share.twinspace_id)
    members = await context.storage.twinspaces.members(twinspace.id)
    users = await read_users(context.storage, [member.user_id for member in members])
    teaching = [user.school_id for user in users.values() if user.kind in ("teacher", "pupil")]
    schools = await read_schools(context.storage, teaching)
    items, withheld = await (_sealed(context, share) if share.seal else _present(context, share))
    return Shared(
        audience=share.audience,
        title=share.title,
        twinspace_title=twinspace.title,
        summary=twinspace.summary,
        schools=[
            SharedSchool(name=school.name, city=school.city, country=school.country) for school in schools.values()
        ],
        expires_at_ms=share.expires_at_ms,
        items=items,
        seal=share.seal or None,
        withheld=withheld,
    )


async def fetch_shared_file(context: Context, caller: Caller, payload: SharedFileRef) -> StoredFile:
    """By a ticket of `open_share`. Everything is asked again: the link, the rung, and who is in the picture."""
    share_id, material_id, way, until = await _read_ticket(context, payload.ticket)
    if context.now_ms() >= until:
        raise NotFound
    try:
        share = await context.storage.shares.get(ShareId(share_id))
    except ports.NotFound:
        raise NotFound from None
    if not _is_open(context, share):
        raise NotFound
    for material, file in await outside.read_materials(context, share.twinspace_id, share.audience):
        if material.id == material_id and file is not None:
            sealed = await _sealed_blob(context, share, material_id) if share.seal else file.blob
            handed = hand_over_preview(context, file) if way == "preview" else hand_over(context, file)
            if way == "preview" or sealed == file.blob:
                return handed
            if sealed is not None:
                return handed.model_copy(update={"path": Path(context.storage.blobs.path(sealed))})
    raise NotFound


def _is_open(context: Context, share: records.Share) -> bool:
    return share.revoked_at_ms is None and (share.expires_at_ms is None or share.expires_at_ms > context.now_ms())


def _public_url(context: Context, share: records.Share) -> str | None:
    return f"{context.settings.base_url}/p/{share.address}" if share.address else None


async def _present(context: Context, share: records.Share) -> tuple[list[SharedItem], int]:
    contents = await outside.read_contents(context, share.twinspace_id, share.audience)
    materials = await outside.read_materials(context, share.twinspace_id, share.audience)
    names = await outside.school_names(context, [*contents, *(material for material, _ in materials)])
    items = [
        _item(
            {
                **_about_content(content),
                "blocks": await outside.read_blocks(context, content),
                "school": names.get(str(content.school_id)),
            }
        )
        for content in contents
    ]
    for material, file in materials:
        about = {**_about_material(material), "school": names.get(str(material.school_id))}
        items.append(_item(about, await _shared_file(context, share, file) if file else None))
    return items, 0


async def _seal(context: Context, twinspace: records.Twinspace) -> str:
    """Keep what the inspection may see now; the hash of the tree vouches for all of it."""
    tree: dict[str, str] = {}
    blobs = context.storage.blobs
    contents = await outside.read_contents(context, twinspace.id, "inspection")
    materials = await outside.read_materials(context, twinspace.id, "inspection")
    names = await outside.school_names(context, [*contents, *(material for material, _ in materials)])
    for content in contents:
        blocks = await outside.read_blocks(context, content)
        about = {**_about_content(content), "blocks": blocks, "school": names.get(str(content.school_id))}
        tree[f"items/{content.id}.json"] = await blobs.put(canonical_json(about))
    for material, file in materials:
        about = {**_about_material(material), "school": names.get(str(material.school_id))}
        tree[f"items/{material.id}.json"] = await blobs.put(canonical_json(about))
        if file is not None:
            tree[f"files/{material.id}"] = file.blob
    return await blobs.put(canonical_json(tree))


async def _sealed(context: Context, share: records.Share) -> tuple[list[SharedItem], int]:
    """What was sealed, as it was, without what is closed or not agreed to any more. Raise Unavailable for damage."""
    contents = {each.id for each in await outside.read_contents(context, share.twinspace_id, share.audience)}
    materials = {
        material.id: file
        for material, file in await outside.read_materials(context, share.twinspace_id, share.audience)
    }
    items, withheld = [], 0
    tree = await _read_sealed(context, share.seal)
    for path, blob in sorted(tree.items()):
        if not path.startswith("items/"):
            continue
        about = await _read_sealed(context, blob)
        if about["id"] not in contents and about["id"] not in materials:
            withheld += 1
            continue
        file = materials.get(about["id"]) if f"files/{about['id']}" in tree else None
        items.append(_item(about, await _shared_file(context, share, file) if file else None))
    return items, withheld


async def _sealed_blob(context: Context, share: records.Share, material_id: str) -> str | None:
    blob: str | None = (await _read_sealed(context, share.seal)).get(f"files/{material_id}")
    return blob


async def _read_sealed(context: Context, blob: str) -> dict[str, Any]:
    try:
        data = await context.storage.blobs.get(blob)
    except ports.NotFound:
        data = b""
    if hash_blob(data) != blob:
        raise Unavailable("What was sealed is damaged, so it is not shown.")
    found: dict[str, Any] = json.loads(data)
    return found


def _about_content(content: records.Content) -> dict[str, Any]:
    return {"id": content.id, "kind": content.kind, "title": content.title}


def _about_material(material: records.Material) -> dict[str, Any]:
    return {
        "id": material.id,
        "kind": material.kind,
        "title": material.title,
        "text": material.text,
        "url": material.url,
        "alt": material.alt,
        "licence": material.licence,
        "happened_at_ms": material.happened_at_ms,
    }


def _item(about: dict[str, Any], file: SharedFile | None = None) -> SharedItem:
    empty = {"blocks": None, "text": "", "url": "", "alt": "", "licence": "", "happened_at_ms": None, "school": None}
    return SharedItem(**{**empty, **about}, file=file)


async def _shared_file(context: Context, share: records.Share, file: records.MaterialFile) -> SharedFile:
    def url(way: str) -> str:
        until = context.now_ms() + TICKET_MS
        said = f"{share.id}.{file.material_id}.{way}.{until}"
        return f"/api/v1/shared/files/{said}.{context.auth.sign(said)}"

    return SharedFile(
        filename=file.filename,
        media_type=file.media_type,
        is_shown=file.media_type in SHOWN,
        url=url("file"),
        preview_url=url("preview") if file.preview is not None else None,
    )


async def _read_ticket(context: Context, ticket: str) -> tuple[str, str, str, int]:
    """Share, material, `file` or `preview`, and until when. Raise NotFound for what the hub did not sign."""
    said, _, signature = ticket.rpartition(".")
    parts = said.split(".")
    if len(parts) != 4 or not context.auth.has_signed(said, signature):
        raise NotFound
    return parts[0], parts[1], parts[2], int(parts[3])
