"""SPEC.md and the tests name the same rules. Some are kept by the shell, so their tests are those of the hub."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
SPEC = TESTS.parent / "crdt_docs" / "SPEC.md"


def cited(folder: str) -> set[str]:
    source = "\n".join(path.read_text("utf-8") for path in (TESTS / folder).rglob("test_*.py"))
    names = re.findall(r"def (test_\w+)", source)
    return {rule for name in names for rule in re.findall(r"(?<![A-Za-z])[A-Z]{2}\d+(?=_)", name)}


def test_every_rule_has_a_test_and_every_test_a_rule() -> None:
    rules = set(re.findall(r"^- \*\*([A-Z]{2}\d+)\*\*", SPEC.read_text("utf-8"), re.MULTILINE))
    of_documents = [cited(folder) for folder in ("crdt_docs", "hub", "interop", "simulation", "fuzz", "power_cut")]
    assert rules - set().union(*of_documents) == set()
    assert cited("crdt_docs") - rules == set()
