"""Files, links, entries, pages and links for people outside: the contract over every store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import ContentId, Material, MaterialFile, MaterialId, Page, Share, ShareId, Sight, UserId
from tests.storage.people import ANA, DOCUMENT, FORM, LUCIA, OTHER_SPACE, SPACE, settle

PHOTO = Material(
    MaterialId("photo"), SPACE.id, "file", "A photo", ANA.id, 10, 10, folder="Trip", school_id=ANA.school_id
)
FIRST = MaterialFile(PHOTO.id, 1, "blob1", "photo.jpg", "image/jpeg", 100, ANA.id, 11, "small", 640, 480)
SHARE = Share(ShareId("share"), SPACE.id, "families", b"secret", "Parents", ANA.id, 10, 99)


async def test_a_material_comes_with_its_first_file_or_not_at_all(storage: Storage) -> None:
    await settle(storage)
    await storage.materials.add(replace(PHOTO, version=1), FIRST)
    assert await storage.materials.get(PHOTO.id) == replace(PHOTO, version=1)
    assert await storage.materials.files(PHOTO.id) == [FIRST]
    assert await storage.materials.newest_files(SPACE.id) == {PHOTO.id: FIRST}
    with pytest.raises(Conflict):
        await storage.materials.add(PHOTO)
    with pytest.raises(NotFound):
        await storage.materials.add(replace(PHOTO, id=MaterialId("other"), created_by=UserId("nobody")))


async def test_a_new_version_leaves_the_earlier_ones_where_they_are(storage: Storage) -> None:
    await settle(storage)
    await storage.materials.add(PHOTO)
    assert await storage.materials.newest_files(SPACE.id) == {}
    second = replace(FIRST, version=2, blob="blob2", size_bytes=50, uploaded_at_ms=12)
    with pytest.raises(Conflict):
        await storage.materials.add_file(second)
    assert (await storage.materials.add_file(FIRST)).version == 1
    changed = await storage.materials.add_file(second)
    assert (changed.version, changed.changed_at_ms) == (2, 12)
    assert await storage.materials.files(PHOTO.id) == [second, FIRST]
    assert await storage.materials.newest_files(SPACE.id) == {PHOTO.id: second}
    with pytest.raises(NotFound):
        await storage.materials.add_file(replace(FIRST, material_id=MaterialId("absent")))


async def test_the_same_file_twice_counts_once(storage: Storage) -> None:
    await settle(storage)
    assert await storage.materials.used_bytes(SPACE.id) == 0
    for name in ("one", "two"):
        copy = replace(PHOTO, id=MaterialId(name), version=1)
        await storage.materials.add(copy, replace(FIRST, material_id=copy.id))
    other = replace(PHOTO, id=MaterialId("other"), twinspace_id=OTHER_SPACE.id, version=1)
    await storage.materials.add(other, replace(FIRST, material_id=other.id, blob="else", size_bytes=7))
    assert await storage.materials.used_bytes(SPACE.id) == 100
    assert await storage.materials.used_bytes(OTHER_SPACE.id) == 7


async def test_materials_change_are_hidden_and_go(storage: Storage) -> None:
    await settle(storage)
    await storage.materials.add(replace(PHOTO, version=1), FIRST)
    changed = await storage.materials.change(PHOTO.id, 20, alt="A bridge", pictured=(LUCIA.id,), faces="named")
    assert changed == replace(PHOTO, version=1, alt="A bridge", pictured=(LUCIA.id,), faces="named", changed_at_ms=20)
    members = Sight(frozenset({"twinspace"}))
    assert await storage.materials.of_twinspace(SPACE.id, members) == [changed]
    await storage.journal.record(SPACE.id, verb="file_added", user_id=None, subject_id=PHOTO.id, details={}, at_ms=1)
    await storage.materials.set_visibility(PHOTO.id, "teachers", None)
    assert await storage.materials.of_twinspace(SPACE.id, members) == []
    assert await storage.journal.latest(SPACE.id, 10, sight=members) == []
    await storage.materials.remove(PHOTO.id, 30)
    assert await storage.materials.of_twinspace(SPACE.id) == []
    assert await storage.materials.used_bytes(SPACE.id) == 0
    # What is gone does not come to light by being gone.
    assert await storage.journal.latest(SPACE.id, 10, sight=members) == []
    for absent in (storage.materials.get(PHOTO.id), storage.materials.remove(PHOTO.id, 30)):
        with pytest.raises(NotFound):
            await absent
    with pytest.raises(NotFound):
        await storage.materials.change(PHOTO.id, 20, alt="")


async def test_pages_are_arranged_as_a_whole_by_who_saw_the_present_order(storage: Storage) -> None:
    await settle(storage)
    first, second = Page(DOCUMENT.id, SPACE.id, None, 0), Page(FORM.id, SPACE.id, None, 1)
    await storage.pages.arrange(SPACE.id, [], [second, first])
    assert await storage.pages.of_twinspace(SPACE.id) == [first, second]
    below = replace(second, parent_id=DOCUMENT.id, position=0)
    with pytest.raises(Conflict):
        await storage.pages.arrange(SPACE.id, [], [first, below])
    await storage.pages.arrange(SPACE.id, [first, second], [first, below])
    assert await storage.pages.of_content(FORM.id) == below
    assert await storage.pages.of_twinspace(OTHER_SPACE.id) == []
    await storage.pages.arrange(SPACE.id, [first, below], [first])
    with pytest.raises(NotFound):
        await storage.pages.of_content(FORM.id)
    with pytest.raises(NotFound):
        await storage.pages.arrange(SPACE.id, [first], [first, replace(second, content_id=ContentId("absent"))])
    assert await storage.pages.of_twinspace(SPACE.id) == [first]


async def test_links_for_people_outside_end_once(storage: Storage) -> None:
    await settle(storage)
    await storage.shares.add(SHARE)
    assert await storage.shares.find(b"secret") == await storage.shares.get(SHARE.id) == SHARE
    with pytest.raises(Conflict):
        await storage.shares.add(replace(SHARE, id=ShareId("other")))
    later = replace(
        SHARE, id=ShareId("later"), secret_hash=b"other", created_at_ms=11, seal="tree", audience="inspection"
    )
    await storage.shares.add(later)
    assert await storage.shares.of_twinspace(SPACE.id) == [later, SHARE]
    await storage.shares.revoke(SHARE.id, 20)
    await storage.shares.revoke(SHARE.id, 30)
    assert (await storage.shares.get(SHARE.id)).revoked_at_ms == 20
    for absent in (storage.shares.find(b"none"), storage.shares.revoke(ShareId("none"), 1)):
        with pytest.raises(NotFound):
            await absent
