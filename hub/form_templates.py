"""Form templates: what of a form may be kept as one, the ready-made ones, and which of them some words find."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from crdt_docs.content import authoring, form
from crdt_docs.content.questions import Question
from hub.errors import Invalid
from storage.words import Term, finds, folded_words, terms_of

READY_MADE: list[dict[str, Any]] = tomllib.loads(files("hub").joinpath("form_templates.toml").read_text("utf-8"))[
    "templates"
]
FALLBACK = "en"
LICENCE = "CC0-1.0"
MAX_BYTES = 100_000
"""Of what a template asks, as JSON: a new form is one update of its document, and those are limited too."""


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """One of the hub's own, in a reader's language with the others beside it."""

    id: str
    title: str
    text: str
    language: str
    stages: tuple[str, ...]
    definition: form.Definition
    words: tuple[str, ...]
    """What it is found by: its words in every language, folded."""


def check_template(definition: form.Definition) -> None:
    """Raise ContentError or Invalid when the form can't be asked elsewhere as it is, naming the question."""
    for number, question in enumerate(definition["questions"], 1):
        if question["type"] == "picture_choice":
            sentence = f"Question {number} has pictures of this TwinSpace, and a template takes no files along."
            raise Invalid(f"{sentence} Make it a choice in words, or leave it out.", field=question["id"])
        if question.get("rubric_id") is not None:
            sentence = f"Question {number} asks by a rubric of this TwinSpace, and a template can't take that along."
            raise Invalid(f"{sentence} Write the criteria into the question.", field=question["id"])
    form.check_definition(definition)
    if len(json.dumps(definition, ensure_ascii=False).encode()) > MAX_BYTES:
        raise Invalid(f"A template has at most {MAX_BYTES // 1000} kB of words.", field="content_id")


def retitled(definition: form.Definition, title: str, former: str) -> form.Definition:
    """With this title. If that is another than the former one, what translates the former one is left out."""
    words = definition["words"]
    if title != former:
        words = {tag: {part: text for part, text in parts.items() if part != "title"} for tag, parts in words.items()}
    return definition | {"title": title, "words": words}


def fill(doc: Any, definition: form.Definition) -> None:
    """Write all of it into the document of a new form."""
    form.start(doc, definition["title"])
    authoring.write_form(doc, definition)


def question_count(definition: form.Definition) -> int:
    return sum(question["type"] != "section" for question in definition["questions"])


def words_of_form(definition: form.Definition) -> Iterator[str]:
    """By which it is found: its title and what it asks, in every language."""
    yield definition["title"]
    yield from (parts["title"] for parts in definition["words"].values() if "title" in parts)
    for question in definition["questions"]:
        yield question["label"]
        yield from (parts["label"] for parts in question.get("words", {}).values() if "label" in parts)


def is_found(query: str, folded: Sequence[str]) -> bool:
    """Whether these folded words have what was typed. Nothing typed finds everything."""
    terms = terms_of(query)
    if not terms:
        return not query.strip()
    return all(_stands_in(term, folded) is not term.is_excluded for term in terms)


def _stands_in(term: Term, folded: Sequence[str]) -> bool:
    return any(finds(term, folded, at) for at in range(len(folded)))


def ready_made(language: str) -> tuple[ReadyMade, ...]:
    """All of them, with this language as the first one if they are written in it."""
    return _ready_made(language if language in READY_MADE[0]["title"] else FALLBACK)


@functools.cache
def _ready_made(language: str) -> tuple[ReadyMade, ...]:
    return tuple(_read(entry, language) for entry in READY_MADE)


def _read(entry: dict[str, Any], first: str) -> ReadyMade:
    others = [tag for tag in entry["title"] if tag != first]
    title = entry["title"][first]
    definition = {
        "title": title,
        "mode": "alone",
        "anonymous": entry.get("anonymous", False),
        "languages": others,
        "words": {tag: {"title": entry["title"][tag]} for tag in others},
        "questions": [_question(question, first, others) for question in entry["questions"]],
    }
    read = authoring.as_read(definition)
    found_by = " ".join([*words_of_form(read), *entry["text"].values()])
    return ReadyMade(
        id=entry["id"],
        title=title,
        text=entry["text"][first],
        language=first,
        stages=tuple(entry["stages"]),
        definition=read,
        words=tuple(folded_words(found_by)),
    )


def _question(entry: dict[str, Any], first: str, others: Sequence[str]) -> Question:
    question = {"required": False, **entry, "label": entry["label"][first]}
    words = {tag: {"label": entry["label"][tag]} for tag in others}
    for name, part in (("options", "option"), ("rows", "row")):
        if name in entry:
            question[name] = [{"id": item["id"], "label": item[first]} for item in entry[name]]
            for tag in others:
                words[tag] |= {f"{part}|{item['id']}": item[tag] for item in entry[name]}
    if "key" in entry:
        said = {name: question.pop(name) for name in ("right", "wrong")}
        question["key"] = entry["key"] | {name: texts[first] for name, texts in said.items()}
        for tag in others:
            words[tag] |= {name: texts[tag] for name, texts in said.items()}
    return question | {"words": words}
