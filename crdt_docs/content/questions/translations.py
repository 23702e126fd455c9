"""One form in several languages: the words of a question in each, with one set of ids and so one set of answers.

In the builder a question's map holds `words`: a Y.Map `"<language>|<part>"` → text, where a part is `label`, `text`,
`right`, `wrong`, `option|<id>`, `row|<id>` or `cell|<row id>|<option id>` (rules CF8 in SPEC.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pycrdt import Array, Map

from crdt_docs.content.kind import text_of

MAX_LANGUAGES = 30
MAX_WORDS = 2_000
MAX_PARTS = 400
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")

Words = dict[str, dict[str, str]]
"""Language → part → text."""


def read_languages(value: Any) -> list[str]:
    """Language tags, each once, in their order."""
    found = [each for each in value if isinstance(each, str) and _LANGUAGE.fullmatch(each)] if _is_array(value) else []
    return list(dict.fromkeys(found))[:MAX_LANGUAGES]


def read_words(value: Any, languages: Sequence[str]) -> Words:
    """What is written in one of these languages; empty texts are left out, so that the first language stands in."""
    found: Words = {}
    if not isinstance(value, Map):
        return found
    for key in sorted(value.keys()):
        language, _, part = key.partition("|")
        text = text_of(value.get(key)).strip()
        if language in languages and part and text:
            found.setdefault(language, {})[part] = text
    return found


def problem_of_words(words: Words) -> str | None:
    for language, parts in words.items():
        if len(parts) > MAX_PARTS:
            return f"has more than {MAX_PARTS} texts in {language}"
        if any(len(text) > MAX_WORDS for text in parts.values()):
            return f"has a text longer than {MAX_WORDS} characters in {language}"
    return None


def _is_array(value: Any) -> bool:
    return isinstance(value, Array)
