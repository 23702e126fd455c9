"""The contract of the search index, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Storage, open_storage
from storage.records import RUNGS, ContentId, Hidden, SchoolId, SearchEntry, SearchScope, Sight, TwinspaceId
from storage.words import folded_words, terms_of, words_of
from tests.storage.people import ANA, DOCUMENT, LUCIA, OTHER_SPACE, SCHOOL, SPACE, settle

MEMBER = Sight(frozenset(RUNGS) - {"me", "team", "school", "teachers"}, ANA.id)
EVERYWHERE = SearchScope(ANA.id, 100, {SPACE.id: MEMBER, OTHER_SPACE.id: MEMBER}, at_large=True)


def entry(name: str, title: str, text: str = "", **more: object) -> SearchEntry:
    made = SearchEntry("content", name, title, text, ANA.id, 10, SPACE.id)
    return replace(made, **more)  # type: ignore[arg-type]


async def found(storage: Storage, query: str, scope: SearchScope = EVERYWHERE, **more: object) -> list[str]:
    hits = await storage.search.find(query, scope, "content", limit=50, **more)  # type: ignore[arg-type]
    return [hit.id for hit in hits]


async def test_what_was_put_is_found_as_it_was_put(storage: Storage) -> None:
    await settle(storage)
    river = entry("river", "El río", "Guadalhorce", place="document", item_id="x", facets=("country:es",), until_ms=500)
    await storage.search.put([river])
    assert await storage.search.find("rio", EVERYWHERE, "content", limit=5) == [river]
    assert await storage.search.find("rio", EVERYWHERE, "message", limit=5) == []
    assert await storage.search.times("content", SPACE.id) == {"river": 10}
    assert await storage.search.newest_at_ms("content", SPACE.id) == 10
    assert await storage.search.newest_at_ms("content", OTHER_SPACE.id) == 0


ASKED: list[tuple[str, list[str]]] = [
    ("lodz", ["city"]),
    ("ŁÓDŹ", ["city"]),
    ("zolw", ["city"]),
    ("cigueña", ["stork"]),
    ("CIGUENA", ["stork"]),
    ("cigu", ["stork"]),
    ("strasse", ["street"]),
    ("straße", ["street"]),
    ("Αθηνα", ["greek"]),
    ("αθήν", ["greek"]),
    ("киев", []),
    ("київ", ["cyrillic"]),
    ("oresund", ["bridge"]),
    ("oeuvre", ["street"]),
    ("madrid vuelan", []),
    ("stork vuelan", ["stork"]),
    ('"las cigueñas vuelan"', ["stork"]),
    ('"vuelan las"', []),
    ('"las cigueña"', []),
    ("las -vuelan", ["other"]),
    ('las -"cigueñas vuelan"', ["other"]),
    ("ka2-project", ["other"]),
    ("2026", ["other"]),
]


async def test_words_are_found_in_every_language(storage: Storage) -> None:
    await settle(storage)
    await storage.search.put(
        [
            entry("city", "Łódź", "Żółw i gęś"),
            entry("stork", "Stork", "Las cigüeñas vuelan sobre el río"),
            entry("street", "Straße", "une œuvre"),
            entry("greek", "Αθήνα"),
            entry("cyrillic", "Київ"),
            entry("bridge", "Øresund"),
            entry("other", "KA2-project", "las casas, 2026"),
        ]
    )
    assert [(query, await found(storage, query)) for query, _ in ASKED] == ASKED


HOSTILE = [
    "",
    "   ",
    '"',
    '""',
    "' OR 1=1 --",
    "a:* & | ! <->",
    "NEAR(a b)",
    "AND OR NOT",
    "col:*",
    "*",
    "-",
    "-only",
    "((((",
    "\\",
    "%_%",
    "{title}: x",
    "^a + b",
    "'; DROP TABLE users; --",
    "\u202e\u0301\u20dd",
    "a" * 5_000,
    "word " * 2_000,
    "½ ² ﬁ Ⅷ",
]


async def test_no_query_is_an_error(storage: Storage) -> None:
    await settle(storage)
    await storage.search.put([entry("one", "AND or not near"), entry("two", "Only this", "fi 2 viii")])
    for query in HOSTILE:
        await found(storage, query)
    assert await storage.users.get_user(ANA.id) == ANA


async def test_any_text_can_be_put_and_asked_for(storage: Storage) -> None:
    await settle(storage)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
    def cut(text: str) -> None:
        texts.append(text)

    texts: list[str] = []
    cut()
    await storage.search.put([entry(f"e{n}", text, text) for n, text in enumerate(texts)])
    for n, text in enumerate(texts):
        if terms_of(text) and not any(sign in text for sign in '-"') and len(terms_of(text)) < 12:
            assert f"e{n}" in await found(storage, text), repr(text)


def test_words_know_where_they_stand() -> None:
    text = "¡Żółw, cigüeña & ﬁn!"
    assert [text[word.start : word.end] for word in words_of(text)] == ["Żółw", "cigüeña", "ﬁn"]
    assert folded_words(text) == ["zolw", "ciguena", "fin"]


async def test_the_better_hit_comes_first(storage: Storage) -> None:
    await settle(storage)
    filler = " ".join(f"other{n}" for n in range(200))
    await storage.search.put(
        [
            entry("aside", "Something", f"bread {filler}"),
            entry("about", "Bread", "a recipe"),
            entry("often", "Something else", "bread and bread and bread"),
            entry("old", "Same", "milk", at_ms=1),
            entry("new", "Same", "milk", at_ms=2),
        ]
    )
    assert await found(storage, "bread") == ["about", "often", "aside"]
    assert await found(storage, "milk") == ["new", "old"]
    hits = await storage.search.find("milk", EVERYWHERE, "content", limit=1, offset=1)
    assert [hit.id for hit in hits] == ["old"]


async def test_only_what_one_may_see_is_found(storage: Storage) -> None:
    await settle(storage)
    lucia = LUCIA.id
    await storage.search.put(
        [
            *(
                entry(rung, "Secret", visibility=rung, created_by=lucia, school_id=SCHOOL.id)
                for rung in RUNGS
                if rung != "team"
            ),
            entry("elsewhere", "Secret", twinspace_id=OTHER_SPACE.id),
            entry("at_large", "Secret", twinspace_id=None),
        ]
    )

    async def seen(**scope: object) -> set[str]:
        return set(await found(storage, "secret", SearchScope(ANA.id, 1, **scope)))  # type: ignore[arg-type]

    open_rungs = {"twinspace", "families", "inspection", "public"}
    assert await seen() == set()
    assert await seen(at_large=True) == {"at_large"}
    assert await seen(sights={SPACE.id: MEMBER}) == open_rungs
    assert await seen(sights={SPACE.id: replace(MEMBER, user_id=lucia)}) == set(RUNGS) - {"team"}
    assert await seen(sights={SPACE.id: replace(MEMBER, school_id=SCHOOL.id)}) == open_rungs | {"school"}
    assert await seen(sights={SPACE.id: replace(MEMBER, school_id=SchoolId("x"))}) == open_rungs
    assert await seen(sights={SPACE.id: Sight(frozenset({"public"}))}) == {"public"}
    assert await seen(sights={OTHER_SPACE.id: MEMBER}) == {"elsewhere"}
    assert await seen(sights={TwinspaceId("absent"): MEMBER}) == set()
    everything = SearchScope(ANA.id, 1, {SPACE.id: MEMBER, OTHER_SPACE.id: MEMBER}, at_large=True)
    assert set(await found(storage, "secret", everything)) == open_rungs | {"elsewhere", "at_large"}
    assert await found(storage, "secret", everything, twinspace_id=OTHER_SPACE.id) == ["elsewhere"]


async def test_what_speaks_of_a_hidden_content_is_hidden(storage: Storage) -> None:
    await settle(storage)
    hidden = replace(DOCUMENT, id=ContentId("hidden"), created_by=LUCIA.id, visibility="me")
    await storage.contents.add(hidden)
    await storage.search.put([entry("said", "Secret", item_id="hidden"), entry("shown", "Secret", item_id=DOCUMENT.id)])
    assert await found(storage, "secret") == ["shown"]


async def test_what_somebody_hid_is_not_found_until_it_is_shown(storage: Storage) -> None:
    await settle(storage)
    await storage.search.put(
        [
            entry("said", "Secret", item_id=DOCUMENT.id),
            entry(f"{SPACE.id}:5", "Secret", kind="message"),
            entry(f"{SPACE.id}:6", "Secret", kind="message"),
        ]
    )
    for kind, subject_id in (("content", DOCUMENT.id), ("message", "5")):
        await storage.safety.hide(Hidden(SPACE.id, kind, subject_id, None, "", None, ANA.id, 1))
    assert await found(storage, "secret") == []
    messages = await storage.search.find("secret", EVERYWHERE, "message", limit=5)
    assert [hit.id for hit in messages] == [f"{SPACE.id}:6"]
    await storage.safety.show(SPACE.id, "content", DOCUMENT.id)
    assert await found(storage, "secret") == ["said"]


async def test_facets_narrow_and_time_ends(storage: Storage) -> None:
    await settle(storage)
    await storage.search.put(
        [
            entry("es", "Idea", facets=("country:es", "language:en"), at_ms=1),
            entry("pl", "Idea", facets=("country:pl", "language:en"), at_ms=2),
            entry("over", "Idea", facets=("country:pl",), until_ms=100),
        ]
    )
    assert await found(storage, "idea", facets=["country:es"]) == ["es"]
    assert await found(storage, "", facets=["language:en"]) == ["pl", "es"]
    assert await found(storage, "", facets=["language:en", "country:pl"]) == ["pl"]
    assert await found(storage, "", facets=["country:p"]) == []
    assert await found(storage, "?!", facets=["country:pl"]) == []


async def test_an_entry_is_replaced_and_erased(storage: Storage) -> None:
    await settle(storage)
    search = storage.search
    await search.put([entry("one", "Milk"), entry("two", "Milk", item_id="x"), entry("three", "Milk", item_id="x")])
    await search.put([entry("one", "Bread", created_by=LUCIA.id), entry("one", "Butter", created_by=LUCIA.id)])
    assert (await found(storage, "milk"), await found(storage, "bread")) == (["three", "two"], [])
    assert await found(storage, "butter") == ["one"]
    await search.erase_item("x")
    assert await found(storage, "milk") == []
    await search.erase_author(LUCIA.id)
    assert await found(storage, "butter") == []
    await search.put([entry("one", "Milk"), entry("two", "Milk")])
    await search.erase("content", "one")
    await search.erase("content", "absent")
    assert await found(storage, "milk") == ["two"]
    await search.clear()
    assert await found(storage, "") == []


async def test_a_very_long_text_is_found_by_its_beginning(storage: Storage) -> None:
    await settle(storage)
    body = " ".join(f"слово{n}" for n in range(40_000))
    await storage.search.put([entry("long", "Long", f"first {body} unreached")])
    assert await found(storage, "first слово17000") == ["long"]
    assert await found(storage, "unreached") == []


async def test_sqlite_keeps_no_byte_of_what_was_erased(data_dir: Path) -> None:
    storage = await open_storage(data_dir=data_dir)
    await settle(storage)
    many = " ".join(f"word{n}" for n in range(3_000))
    await storage.search.put([entry("stays", "Kept", many), entry("goes", "Zanzibar", f"{many} quetzalcoatl {many}")])
    await storage.search.erase("content", "goes")
    assert await found(storage, "word17") == ["stays"]
    await storage.close()
    data = await asyncio.to_thread(
        lambda: b"".join(path.read_bytes() for path in data_dir.glob("hub.sqlite3*")).lower()
    )
    assert b"kept" in data and b"word17" in data
    assert b"zanzibar" not in data and b"quetzal" not in data
