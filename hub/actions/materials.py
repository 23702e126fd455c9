"""Files, links to other tools, what happened off the platform: list, add what is no file, change, hand over, remove."""

from __future__ import annotations

import secrets
from pathlib import Path

from hub.access import Access, Act, access_material, access_twinspace, read_sight
from hub.actions.journal import record
from hub.actions.visibility import check_change, record_change
from hub.audience import tell, tell_change, tell_gone
from hub.consents import may_follow_links, read_allowed
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.file_types import SHOWN
from hub.names import as_called_by, outward_all, read_people
from hub.outside import blockers, says_more
from hub.payloads.materials import (
    AddMaterial,
    ChangeMaterial,
    ChangeMaterialVisibility,
    Material,
    MaterialRef,
    Materials,
    PupilsWithoutConsent,
    StoredVersion,
    VersionRef,
    Versions,
    shown_version,
)
from hub.payloads.operations import StoredFile
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from hub.staff_room_entries import material_entry
from hub.visibility import is_outside, starting_rung
from storage import records
from storage.records import MaterialFile, MaterialId, TwinspaceId, User, UserId

ADDED = {"file": "file_added", "link": "link_added", "entry": "entry_added"}


async def list_materials(context: Context, session: Session, payload: TwinspaceRef) -> Materials:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    storage, twinspace_id = context.storage.materials, access.twinspace.id
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "material")
    found = await storage.of_twinspace(twinspace_id, await read_sight(context, access))
    seen = [material for material in found if material.id not in hidden]
    files = await storage.newest_files(twinspace_id)
    users = await read_people(context, session.user, [material.created_by for material in seen])
    follows = await may_follow_links(context, session.user)
    return Materials(
        materials=[shown(each, files.get(each.id), users[each.created_by], follows) for each in seen],
        used_bytes=await storage.used_bytes(twinspace_id),
        quota_bytes=context.settings.twinspace_quota_bytes,
        file_limit_bytes=context.settings.file_limit_bytes,
        external_tools=await _external_tools(context, access) if access.may(Act.CONSENT) else None,
    )


async def read_material(context: Context, session: Session, payload: MaterialRef) -> Material:
    _, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.READ)
    return await describe(context, material, session.user)


async def add_material(context: Context, session: Session, payload: AddMaterial) -> Material:
    """A link, or something that happened elsewhere; a file is brought to it by an upload that names it."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.UPLOAD)
    if payload.kind == "link" and not payload.url:
        raise Invalid("A link needs the address it leads to.", field="url")
    if payload.kind == "entry" and (payload.url or payload.happened_at_ms is None):
        wrong = "url" if payload.url else "happened_at_ms"
        raise Invalid("What happened needs the time when it did, and has no address.", field=wrong)
    if payload.kind == "link" and payload.happened_at_ms is not None:
        raise Invalid("A link has no time.", field="happened_at_ms")
    now_ms = context.now_ms()
    material = records.Material(
        id=MaterialId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        kind=payload.kind,
        title=payload.title,
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
        folder=payload.folder,
        text=payload.text,
        url=payload.url,
        happened_at_ms=payload.happened_at_ms,
        visibility=starting_rung(payload.kind, access.member.role),
        school_id=session.user.school_id,
    )
    await context.storage.materials.add(material)
    return await note_added(context, session.user, material)


async def change_material(context: Context, session: Session, payload: ChangeMaterial) -> Material:
    """What is said of it: one's own, or any with `moderate`."""
    access, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.UPLOAD)
    check_mine(access, material)
    fields = payload.model_dump(exclude={"material_id"}, exclude_none=True)
    if "url" in fields and material.kind != "link":
        raise Invalid("Only a link has an address.", field="url")
    if "happened_at_ms" in fields and material.kind != "entry":
        raise Invalid("Only what happened elsewhere has a time of its own.", field="happened_at_ms")
    if "pictured" in fields:
        members = {member.user_id for member in await context.storage.twinspaces.members(material.twinspace_id)}
        if not set(fields["pictured"]) <= members:
            raise Invalid("Somebody in this list is not a member here.", field="pictured")
        fields["pictured"] = tuple(UserId(each) for each in sorted(set(fields["pictured"])))
    if payload.faces not in (None, "named"):
        fields["pictured"] = ()
    changed = await context.storage.materials.change(material.id, context.now_ms(), **fields)
    context.search_index.put(material_entry(changed))
    await tell(context, changed.twinspace_id, changed, "material:changed", await describe(context, changed))
    return await describe(context, changed, session.user)


async def change_material_visibility(context: Context, session: Session, payload: ChangeMaterialVisibility) -> Material:
    access, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.READ)
    team_id = await check_change(context, access, material, payload)
    if is_outside(payload.visibility):
        await _check_picture(context, session.user, material)
    changed = await context.storage.materials.set_visibility(material.id, payload.visibility, team_id)
    context.search_index.put(material_entry(changed))
    told = await describe(context, changed)
    await tell_change(context, material.twinspace_id, material.id, material, changed, "material:changed", told)
    details = {"title": material.title, "kind": material.kind}
    await record_change(context, session.user, material.twinspace_id, material.id, material, changed, details)
    return await describe(context, changed, session.user)


async def _check_picture(context: Context, user: User, material: records.Material) -> None:
    """Raise Invalid unless everybody who can be recognised agrees; the teacher who asks is told who does not."""
    files = await context.storage.materials.files(material.id)
    if says_more(files[0] if files else None):
        raise Invalid(
            "The place where it was taken may stand in this picture, and the hub can't take it out of this kind of"
            " file. Put it here as JPEG or PNG to show it outside.",
            field="file",
        )
    kept_back_by = await blockers(context, material, files[0] if files else None)
    if kept_back_by and material.faces == "unsaid":
        raise Invalid("Say first whether somebody can be recognised in this picture.", field="faces")
    if kept_back_by:
        called = await as_called_by(context, user, kept_back_by)
        names = ", ".join(sorted(each.display_name for each in called.values()))
        raise Invalid(f"There is no consent to show a picture of {names} outside.", field="pictured")


async def remove_material(context: Context, session: Session, payload: MaterialRef) -> None:
    """One's own, or any with `moderate`. Snapshots that hold it go on holding it."""
    access, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.UPLOAD)
    check_mine(access, material)
    await context.storage.materials.remove(material.id, context.now_ms())
    context.search_index.erase("file", material.id)
    await tell_gone(context, material.twinspace_id, material.id, material)
    details = {"title": material.title, "kind": material.kind}
    await record(context, material.twinspace_id, "material_removed", session.user, material.id, details, about=material)


async def list_file_versions(context: Context, session: Session, payload: MaterialRef) -> Versions:
    _, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.READ)
    return Versions(versions=[_version(file) for file in await context.storage.materials.files(material.id)])


async def fetch_file(context: Context, session: Session, payload: VersionRef) -> StoredFile:
    _, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.READ)
    return hand_over(context, await find_version(context, material, payload.version))


async def fetch_preview(context: Context, session: Session, payload: VersionRef) -> StoredFile:
    _, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.READ)
    return hand_over_preview(context, await find_version(context, material, payload.version))


async def find_version(context: Context, material: records.Material, version: int | None) -> MaterialFile:
    """The newest for None. Raise NotFound when there is none."""
    for file in await context.storage.materials.files(material.id):
        if version in (None, file.version):
            return file
    raise NotFound


def hand_over(context: Context, file: MaterialFile) -> StoredFile:
    path, is_shown = Path(context.storage.blobs.path(file.blob)), file.media_type in SHOWN
    # What is not shown has no type that a browser could make anything of.
    content_type = file.media_type if is_shown else "application/octet-stream"
    return StoredFile(content_type=content_type, filename=file.filename, path=path, is_shown=is_shown)


def hand_over_preview(context: Context, file: MaterialFile) -> StoredFile:
    if file.preview is None:
        raise NotFound
    path = Path(context.storage.blobs.path(file.preview))
    return StoredFile(content_type="image/webp", filename="preview.webp", path=path, is_shown=True)


def check_mine(access: Access, material: records.Material) -> None:
    if material.created_by != access.user.id and not access.may(Act.MODERATE):
        raise NotFound


async def note_added(context: Context, user: User, material: records.Material) -> Material:
    """After the commit: tell everybody who sees it, and write it down."""
    context.search_index.put(material_entry(material))
    await tell(context, material.twinspace_id, material, "material:changed", await describe(context, material))
    details = {"title": material.title, "kind": material.kind}
    if material.happened_at_ms is not None:
        details["happened_at_ms"] = material.happened_at_ms  # type: ignore[assignment]
    await record(context, material.twinspace_id, ADDED[material.kind], user, material.id, details, about=material)
    return await describe(context, material, user)


async def describe(context: Context, material: records.Material, viewer: User | None = None) -> Material:
    """As the viewer may read it; None: as everybody may, for what is told to many."""
    follows = viewer is not None and await may_follow_links(context, viewer)
    files = await context.storage.materials.files(material.id)
    author = await context.storage.users.get_user(material.created_by)
    called = await outward_all(context, [author]) if viewer is None else await as_called_by(context, viewer, [author])
    return shown(material, files[0] if files else None, called[author.id], follows)


def shown(material: records.Material, file: MaterialFile | None, author: User, follows_links: bool) -> Material:
    is_withheld = material.kind == "link" and not follows_links
    return Material(
        id=material.id,
        twinspace_id=material.twinspace_id,
        kind=material.kind,
        title=material.title,
        folder=material.folder,
        text=material.text,
        url="" if is_withheld else material.url,
        is_address_withheld=is_withheld,
        alt=material.alt,
        licence=material.licence,
        happened_at_ms=material.happened_at_ms,
        faces=material.faces,
        pictured=[*material.pictured],
        file=_version(file) if file is not None else None,
        is_captured=material.kind == "link" and (file is not None or bool(material.text.strip())),
        created_by=material.created_by,
        display_name=author.display_name,
        created_at_ms=material.created_at_ms,
        changed_at_ms=material.changed_at_ms,
        visibility=material.visibility,
        team_id=material.team_id,
    )


def _version(file: MaterialFile) -> StoredVersion:
    return shown_version(file, file.media_type in SHOWN)


async def _external_tools(context: Context, access: Access) -> PupilsWithoutConsent:
    members = await context.storage.twinspaces.members(access.twinspace.id)
    users = await read_users(context.storage, [member.user_id for member in members])
    pupils = [user for user in users.values() if user.kind == "pupil" and user.school_id == access.user.school_id]
    allowed = await read_allowed(context, pupils)
    without = sum("external_tool" not in allowed[pupil.id] for pupil in pupils)
    return PupilsWithoutConsent(pupils=len(pupils), without=without)
