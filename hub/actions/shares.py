"""Links for families, the inspection and everybody: make, list, revoke; and, for who holds one, look."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crdt_docs.content import wall, whiteboard
from hub import outside, outside_boards, outside_cards
from hub.access import Act, access_twinspace
from hub.actions.card_files import hand_over_card_file, hand_over_card_preview
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
from hub.redaction import read_kept
from hub.roster import read_schools, read_users
from storage import ports, records
from storage.canonical_json import canonical_json
from storage.records import ShareId, TwinspaceId

ADDRESS_BYTES = 9
TICKET_MS = 60 * 60 * 1000
CARD, CARD_PREVIEW = "card", "card_preview"
"""What tickets open beside `file` and `preview` of a material."""


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
    share_id, file_id, way, until = await _read_ticket(context, payload.ticket)
    if context.now_ms() >= until:
        raise NotFound
    try:
        share = await context.storage.shares.get(ShareId(share_id))
    except ports.NotFound:
        raise NotFound from None
    if not _is_open(context, share):
        raise NotFound
    if way.startswith(CARD):
        return await _card_picture(context, share, file_id, is_small=way == CARD_PREVIEW)
    for material, file in await outside.read_materials(context, share.twinspace_id, share.audience):
        if material.id == file_id and file is not None:
            sealed = await _sealed_blob(context, share, f"files/{file_id}") if share.seal else file.blob
            handed = hand_over_preview(context, file) if way == "preview" else hand_over(context, file)
            if way == "preview" or sealed == file.blob:
                return handed
            if sealed is not None:
                return handed.model_copy(update={"path": Path(context.storage.blobs.path(sealed))})
    raise NotFound


async def _card_picture(context: Context, share: records.Share, file_id: str, *, is_small: bool) -> StoredFile:
    for content in await outside.read_contents(context, share.twinspace_id, share.audience):
        if content.kind != wall.KIND.name:
            continue
        for card_id, file in (await outside_cards.open_pictures(context, content)).items():
            if file.id != file_id:
                continue
            if share.seal and await _sealed_blob(context, share, _picture_path(content.id, card_id)) != file.blob:
                raise NotFound
            return hand_over_card_preview(context, file) if is_small else hand_over_card_file(context, file)
    raise NotFound


def _is_open(context: Context, share: records.Share) -> bool:
    return share.revoked_at_ms is None and (share.expires_at_ms is None or share.expires_at_ms > context.now_ms())


def _public_url(context: Context, share: records.Share) -> str | None:
    return f"{context.settings.base_url}/p/{share.address}" if share.address else None


async def _present(context: Context, share: records.Share) -> tuple[list[SharedItem], int]:
    contents = await outside.read_contents(context, share.twinspace_id, share.audience)
    materials = await outside.read_materials(context, share.twinspace_id, share.audience)
    names = await outside.school_names(context, [*contents, *(material for material, _ in materials)])
    items = []
    for content in contents:
        about = await _read_content(context, content, names)
        if content.kind == whiteboard.KIND.name:
            about = await _with_board_pictures(context, share, content, about, materials)
        items.append(_item(await _with_pictures(context, share, content, about)))
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
        about = await _read_content(context, content, names)
        tree[f"items/{content.id}.json"] = await blobs.put(canonical_json(about))
        if content.kind == wall.KIND.name:
            pictures = await outside_cards.open_pictures(context, content)
            tree |= {_picture_path(content.id, card_id): file.blob for card_id, file in pictures.items()}
    for material, file in materials:
        about = {**_about_material(material), "school": names.get(str(material.school_id))}
        tree[f"items/{material.id}.json"] = await blobs.put(canonical_json(about))
        if file is not None:
            tree[f"files/{material.id}"] = file.blob
    return await blobs.put(canonical_json(tree))


async def _sealed(context: Context, share: records.Share) -> tuple[list[SharedItem], int]:
    """What was sealed, as it was, without what is closed or not agreed to any more. Raise Unavailable for damage."""
    contents = {each.id: each for each in await outside.read_contents(context, share.twinspace_id, share.audience)}
    open_now = await outside.read_materials(context, share.twinspace_id, share.audience)
    materials = {material.id: file for material, file in open_now}
    items, withheld = [], 0
    tree = await _read_tree(context, share)
    for path, blob in sorted(tree.items()):
        if not path.startswith("items/"):
            continue
        about = await _read_sealed(context, blob)
        if about is None or (about["id"] not in contents and about["id"] not in materials):
            withheld += 1
            continue
        if about["kind"] == wall.KIND.name:
            content = contents[about["id"]]
            left, gone = await outside_cards.without_hidden(context, share.twinspace_id, content.id, about["blocks"])
            withheld += gone
            about = await _with_pictures(context, share, content, about | {"blocks": left}, tree)
        elif about["kind"] == whiteboard.KIND.name:
            sealed = [each for each in open_now if (each[1] and each[1].blob) == tree.get(f"files/{each[0].id}")]
            about = await _with_board_pictures(context, share, contents[about["id"]], about, sealed)
        file = materials.get(about["id"]) if f"files/{about['id']}" in tree else None
        items.append(_item(about, await _shared_file(context, share, file) if file else None))
    return items, withheld


async def _with_pictures(
    context: Context,
    share: records.Share,
    content: records.Content,
    about: dict[str, Any],
    tree: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The cards of a wall with the addresses of the pictures that are open; with a tree only those that it holds."""
    if content.kind != wall.KIND.name:
        return about
    found = await outside_cards.open_pictures(context, content)
    blocks = []
    for card in about["blocks"]:
        file = found.get(card["id"])
        if file is None or (tree is not None and tree.get(_picture_path(content.id, card["id"])) != file.blob):
            blocks.append(card | {"file_url": None, "preview_url": None})
            continue
        preview = _url(context, share, file.id, CARD_PREVIEW) if file.preview is not None else None
        blocks.append(card | {"file_url": _url(context, share, file.id, CARD), "preview_url": preview})
    return about | {"blocks": blocks}


async def _with_board_pictures(
    context: Context,
    share: records.Share,
    content: records.Content,
    about: dict[str, Any],
    materials: Iterable[tuple[records.Material, records.MaterialFile | None]],
) -> dict[str, Any]:
    """A whiteboard with the addresses of the pictures on it that are open, too; of the others the frame is shown."""
    found = await outside_boards.open_pictures(context, content, materials)

    def told(block: dict[str, Any]) -> dict[str, Any]:
        file = found.get(block["id"]) if block.get("shape") == "picture" else None
        return block if file is None else block | {"preview_url": _url(context, share, file.material_id, "preview")}

    return about | {"blocks": [told(block) for block in about["blocks"]]}


def _picture_path(content_id: str, card_id: str) -> str:
    return f"pictures/{content_id}/{card_id}"


async def _sealed_blob(context: Context, share: records.Share, path: str) -> str | None:
    return (await _read_tree(context, share)).get(path)


async def _read_tree(context: Context, share: records.Share) -> dict[str, str]:
    tree = await _read_sealed(context, share.seal)
    assert tree is not None, "a tree is never erased"
    return tree


async def _read_sealed(context: Context, blob: str) -> dict[str, Any] | None:
    """None for what was erased since. Raise Unavailable for damage."""
    data = await read_kept(context, blob)
    if data is None:
        if blob in await context.storage.erasure.redactions():
            return None
        raise Unavailable("What was sealed is damaged, so it is not shown.")
    found: dict[str, Any] = json.loads(data)
    return found


async def _read_content(context: Context, content: records.Content, names: dict[str, str]) -> dict[str, Any]:
    blocks = await outside.read_blocks(context, content)
    return {**_about_content(content), "blocks": blocks, "school": names.get(str(content.school_id))}


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
    return SharedFile(
        filename=file.filename,
        media_type=file.media_type,
        is_shown=file.media_type in SHOWN,
        url=_url(context, share, file.material_id, "file"),
        preview_url=_url(context, share, file.material_id, "preview") if file.preview is not None else None,
    )


def _url(context: Context, share: records.Share, file_id: str, way: str) -> str:
    """Good for an hour, for who holds it."""
    said = f"{share.id}.{file_id}.{way}.{context.now_ms() + TICKET_MS}"
    return f"/api/v1/shared/files/{said}.{context.auth.sign(said)}"


async def _read_ticket(context: Context, ticket: str) -> tuple[str, str, str, int]:
    """Share, file, how it is shown, and until when. Raise NotFound for what the hub did not sign."""
    said, _, signature = ticket.rpartition(".")
    parts = said.split(".")
    if len(parts) != 4 or not context.auth.has_signed(said, signature):
        raise NotFound
    return parts[0], parts[1], parts[2], int(parts[3])
