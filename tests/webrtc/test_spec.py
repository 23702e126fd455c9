"""SPEC.md and the tests name the same rules."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
SPEC = HERE.parent.parent / "webrtc" / "SPEC.md"


def test_every_rule_has_a_test_and_every_test_a_rule() -> None:
    rules = set(re.findall(r"^- \*\*([A-Z]{2}\d+)\*\*", SPEC.read_text("utf-8"), re.MULTILINE))
    names = re.findall(r"def (test_\w+)", "\n".join(path.read_text("utf-8") for path in HERE.glob("test_*.py")))
    cited = {rule for name in names for rule in re.findall(r"(?<![A-Za-z])[A-Z]{2}\d+(?=_)", name)}
    assert rules == cited
