"""What the hub writes on paper and in e-mails, by language."""

from __future__ import annotations

import tomllib
from importlib.resources import files

PHRASES: dict[str, dict[str, str]] = tomllib.loads(files("hub").joinpath("phrases.toml").read_text("utf-8"))
FALLBACK = "en"


def phrase(name: str, language: str, /, **values: str) -> str:
    """In the language (`pl-PL` reads Polish) or in English. Raise KeyError for a name that is not there."""
    table = PHRASES.get(language.split("-")[0], PHRASES[FALLBACK])
    return table[name].format(**values)
