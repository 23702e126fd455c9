"""The contract of what belongs to cards, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import CardFile, CardFileId, CardVote, Content, ContentId, Material, MaterialFile, MaterialId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, SCHOOL, SPACE, settle

WALL = Content(ContentId("wall"), SPACE.id, "wall", "Our morning", ANA.id, 6, 6)
PICTURE = CardFile(
    CardFileId("f"), SPACE.id, WALL.id, None, LUCIA.id, SCHOOL.id, "blob", "a.png", "image/png", 9, 10, "small", 3, 2
)
VOTE = CardVote(WALL.id, "card", LUCIA.id, SCHOOL.id, 1, 10)


async def with_wall(storage: Storage) -> None:
    await settle(storage)
    await storage.contents.add(WALL)


async def test_a_file_is_put_on_one_card_and_goes_with_it(storage: Storage) -> None:
    await with_wall(storage)
    cards = storage.cards
    await cards.add_file(PICTURE)
    sound = replace(PICTURE, id=CardFileId("g"), blob="sound", preview=None, uploaded_at_ms=11)
    await cards.add_file(sound)
    with pytest.raises(Conflict):
        await cards.add_file(PICTURE)
    with pytest.raises(NotFound):
        await cards.add_file(replace(PICTURE, id=CardFileId("h"), content_id=ContentId("absent")))
    on_card = replace(PICTURE, card_id="one")
    assert await cards.put_on_card(PICTURE.id, "one") == await cards.put_on_card(PICTURE.id, "one") == on_card
    with pytest.raises(Conflict):
        await cards.put_on_card(PICTURE.id, "two")
    with pytest.raises(NotFound):
        await cards.put_on_card(CardFileId("absent"), "two")
    assert await cards.files(WALL.id) == [on_card, sound]
    assert (await cards.used_bytes(SPACE.id), await cards.used_bytes(OTHER_SPACE.id)) == (18, 0)
    assert await cards.remove(WALL.id, "one") == [on_card]
    assert await cards.remove(WALL.id, "one") == []
    with pytest.raises(NotFound):
        await cards.get_file(PICTURE.id)
    assert await cards.get_file(sound.id) == sound
    assert await cards.remove(WALL.id) == [sound]


async def test_a_file_that_is_on_no_card_is_loose_until_it_is_put_on_one(storage: Storage) -> None:
    await with_wall(storage)
    cards = storage.cards
    assert await cards.with_files() == []
    sound = replace(PICTURE, id=CardFileId("g"), blob="sound", preview=None, uploaded_at_ms=11)
    for file in (PICTURE, sound):
        await cards.add_file(file)
    assert await cards.with_files() == [WALL.id]
    await cards.note_loose(WALL.id, {PICTURE.id, sound.id}, 20)
    await cards.note_loose(WALL.id, {PICTURE.id, sound.id}, 30)
    assert await cards.loose(20) == []
    assert await cards.loose(21) == [replace(PICTURE, loose_since_ms=20), replace(sound, loose_since_ms=20)]
    assert await cards.put_on_card(sound.id, "one") == replace(sound, card_id="one")
    both = {PICTURE.id, sound.id}
    assert await cards.remove_loose(both, 20) == [] and await cards.remove_loose({sound.id}, 21) == []
    assert await cards.remove_loose(both, 21) == [replace(PICTURE, loose_since_ms=20)]
    # What is found on a card again begins anew when it comes off.
    await cards.note_loose(WALL.id, {sound.id}, 40)
    await cards.note_loose(WALL.id, set(), 50)
    await cards.note_loose(WALL.id, {sound.id}, 60)
    assert await cards.loose(60) == [] and len(await cards.remove_loose(both, 61)) == 1
    assert await cards.files(WALL.id) == []


async def test_a_blob_is_used_while_a_card_or_a_material_names_it(storage: Storage) -> None:
    await with_wall(storage)
    await storage.cards.add_file(PICTURE)
    assert [await storage.cards.is_used(blob) for blob in ("blob", "small", "other")] == [True, True, False]
    await storage.cards.remove(WALL.id)
    assert not await storage.cards.is_used("blob")
    material = Material(MaterialId("m"), SPACE.id, "file", "A picture", ANA.id, 1, 1, version=1)
    file = MaterialFile(material.id, 1, "blob", "a.png", "image/png", 9, ANA.id, 1, "tiny")
    await storage.materials.add(material, file)
    assert await storage.cards.is_used("blob") and await storage.cards.is_used("tiny")


async def test_everybody_has_one_vote_in_a_cards_poll(storage: Storage) -> None:
    await with_wall(storage)
    cards, other = storage.cards, replace(VOTE, user_id=ANA.id, option=0)
    await cards.vote(VOTE)
    await cards.vote(other)
    changed = replace(VOTE, option=2, at_ms=20)
    await cards.vote(changed)
    assert await cards.votes(WALL.id) == [other, changed]
    await cards.take_vote_back(WALL.id, "card", ANA.id)
    await cards.take_vote_back(WALL.id, "card", ANA.id)
    assert await cards.votes(WALL.id) == [changed]
    with pytest.raises(NotFound):
        await cards.vote(replace(VOTE, content_id=ContentId("absent")))
    await cards.remove(WALL.id, "card")
    assert await cards.votes(WALL.id) == []


async def test_who_is_erased_with_all_they_made_leaves_neither_files_nor_votes(storage: Storage) -> None:
    await with_wall(storage)
    await storage.cards.add_file(PICTURE)
    shared = replace(PICTURE, id=CardFileId("g"), blob="shared", preview=None)
    await storage.cards.add_file(shared)
    theirs = replace(shared, id=CardFileId("h"), uploaded_by=ANA.id)
    await storage.cards.add_file(theirs)
    await storage.cards.vote(VOTE)
    blobs = await storage.erasure.erase_person(LUCIA.id, display_name="Somebody", texts=True)
    assert sorted(blobs) == ["blob", "small"]
    assert await storage.cards.files(WALL.id) == [theirs]
    assert await storage.cards.votes(WALL.id) == []
