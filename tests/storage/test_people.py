"""Users, services and who registers, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    Registration,
    School,
    SchoolId,
    Service,
    User,
    UserId,
)
from tests.storage.people import (
    ANA,
    LUCIA,
    SCHOOL,
    settle,
)


async def test_users_are_found_by_id_name_and_class_key(storage: Storage) -> None:
    await settle(storage)
    await storage.users.set_class_key(LUCIA.id, b"key")
    assert await storage.users.get_school(SCHOOL.id) == SCHOOL
    assert await storage.users.get_user(ANA.id) == ANA
    assert await storage.users.find_user("teacher.es") == ANA
    assert await storage.users.find_by_class_key(b"key") == LUCIA
    assert await storage.users.password_hash(ANA.id) == "argon"
    assert await storage.users.password_hash(LUCIA.id) is None


async def test_users_change_alone(storage: Storage) -> None:
    await settle(storage)
    await storage.users.set_language(ANA.id, "pl")
    await storage.users.set_password_hash(ANA.id, "new")
    assert await storage.users.get_user(ANA.id) == replace(ANA, language="pl")
    assert await storage.users.password_hash(ANA.id) == "new"
    assert await storage.users.get_user(LUCIA.id) == LUCIA


async def test_a_new_class_key_kills_the_old_one(storage: Storage) -> None:
    await settle(storage)
    await storage.users.set_class_key(LUCIA.id, b"old")
    await storage.users.set_class_key(LUCIA.id, b"new")
    assert await storage.users.find_by_class_key(b"new") == LUCIA
    with pytest.raises(NotFound):
        await storage.users.find_by_class_key(b"old")
    with pytest.raises(Conflict):
        await storage.users.set_class_key(ANA.id, b"new")


async def test_a_taken_id_or_name_is_a_conflict_and_changes_nothing(storage: Storage) -> None:
    await settle(storage)
    for taken in [replace(LUCIA, name="somebody"), replace(LUCIA, id=UserId("somebody"))]:
        with pytest.raises(Conflict):
            await storage.users.add_user(taken)
    assert await storage.users.get_user(LUCIA.id) == LUCIA
    with pytest.raises(NotFound):
        await storage.users.get_user(UserId("somebody"))


async def test_an_email_address_belongs_to_one_user(storage: Storage) -> None:
    await settle(storage)
    maria = User(UserId("maria"), "maria", "María", "teacher", SCHOOL.id, "es", 3, email="maria@ies.example")
    await storage.users.add_user(maria)
    assert await storage.users.find_by_email("maria@ies.example") == maria
    with pytest.raises(Conflict):
        await storage.users.add_user(replace(maria, id=UserId("other"), name="other"))
    await storage.users.set_state(maria.id, "closed")
    assert (await storage.users.get_user(maria.id)).state == "closed"


async def test_pupils_are_added_all_or_none(storage: Storage) -> None:
    await settle(storage)
    pupils = [replace(LUCIA, id=UserId(f"p{n}"), name=f"p{n}", class_name="5B") for n in range(3)]
    with pytest.raises(Conflict):
        await storage.users.add_pupils([(pupils[0], b"a"), (pupils[1], b"a")])
    with pytest.raises(Conflict):
        await storage.users.add_pupils([(pupils[0], b"a"), (replace(pupils[1], name=ANA.name), b"b")])
    assert await storage.users.pupils_of(SCHOOL.id) == [LUCIA]
    await storage.users.add_pupils([(pupils[1], b"b"), (pupils[0], b"a"), (pupils[2], b"c")])
    await storage.users.add_pupils([])
    assert await storage.users.pupils_of(SCHOOL.id) == [LUCIA, *pupils]
    assert await storage.users.find_by_class_keys([b"c", b"none", b"a"]) == [pupils[0], pupils[2]]
    assert await storage.users.find_by_class_keys([]) == []


NATIONAL = School(SchoolId("national"), "SNA", "Madrid", "ES", "star")
REGIONAL = School(SchoolId("regional"), "Andalucía", "Sevilla", "ES", "star", region="Andalucía")
CENTRAL = School(SchoolId("central"), "CSS", "Brussels", "BE", "star")


async def add_services(storage: Storage) -> None:
    for school, level in ((NATIONAL, "national"), (REGIONAL, "regional"), (CENTRAL, "central")):
        await storage.users.add_school(school)
        await storage.services.add(Service(school.id, level))  # type: ignore[arg-type]


async def test_services_are_found_by_place_and_are_no_schools(storage: Storage) -> None:
    await settle(storage)
    await add_services(storage)
    await storage.users.add_school(replace(SCHOOL, id=SchoolId("new"), state="proposed"))
    assert await storage.users.schools_of("ES") == [SCHOOL]
    assert await storage.users.schools_of("BE") == []
    assert await storage.services.find("national", "ES") == [Service(NATIONAL.id, "national")]
    assert await storage.services.find("national", "PL") == []
    assert await storage.services.find("regional", "ES", "Andalucía") == [Service(REGIONAL.id, "regional")]
    assert await storage.services.find("regional", "ES") == [Service(REGIONAL.id, "regional")]
    assert await storage.services.find("regional", "ES", "Galicia") == []
    assert await storage.services.find("central", "PL") == [Service(CENTRAL.id, "central")]
    assert await storage.services.get(CENTRAL.id) == Service(CENTRAL.id, "central")


async def test_a_teacher_who_registers_waits_and_is_decided_on_once(storage: Storage) -> None:
    await settle(storage)
    place = replace(SCHOOL, id=SchoolId("new"), region="Andalucía", state="proposed")
    await storage.users.add_school(place)
    eva = User(UserId("eva"), "eva", "Eva", "teacher", place.id, "es", 3, email="eva@ies.example", state="unconfirmed")
    asked = Registration(eva.id, "I teach music.", 5)
    first = replace(eva, display_name="Evi", school_id=SCHOOL.id)
    await storage.services.register(first, replace(asked, message="…"), password_hash="stranger's")
    again = replace(eva, id=UserId("x"))
    assert await storage.services.register(again, replace(asked, user_id=again.id), password_hash="argon") == eva.id
    assert await storage.users.get_user(eva.id) == eva and await storage.users.password_hash(eva.id) == "argon"
    assert await storage.services.waiting(None, None) == []
    await storage.users.set_state(eva.id, "waiting")
    with pytest.raises(Conflict):
        await storage.services.register(again, replace(asked, user_id=again.id), password_hash="later")
    waiting = [(asked, replace(eva, state="waiting"), place)]
    for country, region in ((None, None), ("ES", None), ("ES", "Andalucía")):
        assert await storage.services.waiting(country, region) == waiting
    assert await storage.services.waiting("PL", None) == await storage.services.waiting("ES", "Galicia") == []
    await storage.services.decide(eva.id, "accepted", by=ANA.id, at_ms=9, reason="welcome")
    with pytest.raises(Conflict):
        await storage.services.decide(eva.id, "refused", by=ANA.id, at_ms=10, reason="no")
    decided = replace(asked, decision="accepted", decided_by=ANA.id, decided_at_ms=9, reason="welcome")
    assert await storage.services.registration(eva.id) == decided
    assert (await storage.users.get_user(eva.id)).state == "active"
    assert (await storage.users.get_school(place.id)).state == "listed"
    assert await storage.services.waiting(None, None) == []


async def test_a_refused_teacher_and_school_stay_outside(storage: Storage) -> None:
    await settle(storage)
    place = replace(SCHOOL, id=SchoolId("new"), state="proposed")
    await storage.users.add_school(place)
    eva = User(UserId("eva"), "eva", "Eva", "teacher", place.id, "es", 3, state="waiting")
    await storage.services.register(eva, Registration(eva.id, "", 5), password_hash="argon")
    await storage.services.decide(eva.id, "refused", by=ANA.id, at_ms=9, reason="no such school")
    assert (await storage.users.get_user(eva.id)).state == "refused"
    assert (await storage.users.get_school(place.id)).state == "proposed"
