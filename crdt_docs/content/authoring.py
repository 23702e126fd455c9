"""Contents that a program writes, in the Yjs shapes that the editors make: for demo projects and imports.

Call these inside the hub's edit of a new content; they add and never look at what is there.
"""

from __future__ import annotations

from typing import Any

from pycrdt import Array, Map, Text, XmlElement, XmlFragment, XmlText
from pycrdt import Doc as YDoc

from crdt_docs.content.document import FRAGMENT
from crdt_docs.content.form import FORM, QUESTIONS, Definition, definition, start
from crdt_docs.content.kind import Doc
from crdt_docs.content.questions import Question

Part = tuple[str, str | list[str]]
"""`("heading1" … "heading6" | "paragraph", text)` or `("list", [text])`."""


def write_text(doc: Doc, parts: list[Part]) -> None:
    """Put these parts before whatever the document holds."""
    children = doc.get(FRAGMENT, type=XmlFragment).children
    for index, (tag, text) in enumerate(parts):
        children.insert(index, _element(tag, text))


def _element(tag: str, text: str | list[str]) -> XmlElement:
    if isinstance(text, list):
        items = [XmlElement("listItem", None, [_element("paragraph", item)]) for item in text]
        return XmlElement("bulletList", None, items)
    if tag == "paragraph":
        return XmlElement("paragraph", None, [XmlText(text)])
    # Editors compare the level with numbers, so it has to be one in the document too.
    attributes: Any = {"level": int(tag.removeprefix("heading"))}
    return XmlElement("heading", attributes, [XmlText(text)])


def write_questions(doc: Doc, questions: list[Question]) -> None:
    """Add questions in the form that `form.definition` reads; what one types in is text that several may type in."""
    array = doc.get(QUESTIONS, type=Array)
    for question in questions:
        array.append(Map(_question(question)))


def _question(question: Question) -> dict[str, Any]:
    # An absent bound is no entry; null would be one.
    values = {name: value for name, value in question.items() if value is not None}
    for name in ("label", "text"):
        if name in values:
            values[name] = Text(values[name])
    for name in ("options", "rows"):
        if name in values:
            values[name] = Array([Map(item | {"label": Text(item["label"])}) for item in values[name]])
    for name in ("cells", "words"):
        if name in values:
            values[name] = Map(_flat(values[name]))
    for name in ("show_if", "key"):
        if name in values:
            values[name] = Map(values[name] | {"any_of": Array(values[name]["any_of"])})
    return values


def _flat(table: dict[str, Any]) -> dict[str, str]:
    """`{row: {option: text}}` as `{"row|option": text}`, the form of `cells` and `words` in the document."""
    return {
        key: text
        for outer, inner in table.items()
        for key, text in (
            {f"{outer}|{each}": text for each, text in inner.items()}.items()
            if isinstance(inner, dict)
            else [(outer, inner)]
        )
    }


def write_form(doc: Doc, form: Definition) -> None:
    """All of a form in a document that is new: its questions, its languages, and how it is answered."""
    head = doc.get(FORM, type=Map)
    for name in ("mode", "anonymous"):
        head[name] = form[name]
    add_languages(doc, form["languages"])
    if form["words"]:
        head["words"] = Map(_flat(form["words"]))
    write_questions(doc, form["questions"])


def as_read(form: Definition) -> Definition:
    """What the builder would show of this form: nothing is in it that a form can't have."""
    doc: Doc = YDoc()
    start(doc, form["title"])
    write_form(doc, form)
    return definition(doc)


def add_languages(doc: Doc, languages: list[str]) -> None:
    """In which a form is to be answered as well; those that it has stay."""
    head = doc.get(FORM, type=Map)
    had = head.get("languages")
    if not isinstance(had, Array):
        if languages:
            head["languages"] = Array(list(languages))
        return
    here = list(had)
    had.extend([tag for tag in languages if tag not in here])
