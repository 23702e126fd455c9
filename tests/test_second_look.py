"""A second look forgives a test that failed beside others, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FALLS_ONCE = """
from pathlib import Path

def test_falls_once():
    seen = Path("seen")
    was_there = seen.exists()
    seen.touch()
    assert was_there
"""
ALWAYS_FALLS = "def test_always_falls():\n    assert False\n"
MANY_FALL = "import pytest\n@pytest.mark.parametrize('n', range(4))\ndef test_many(n):\n    assert False\n"
NOT_PYTHON = "def test_"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("def test_holds():\n    pass\n", 0, "1 passed"),
        (FALLS_ONCE, 0, "held alone, to be mended:\n  test_it.py::test_falls_once"),
        (ALWAYS_FALLS, 1, "alone, at:\n  test_it.py::test_always_falls"),
        (FALLS_ONCE + ALWAYS_FALLS, 1, "1 failed, 1 passed"),
        (MANY_FALL, 1, "4 tests failed: too many"),
        (NOT_PYTHON, 2, "SyntaxError"),
    ],
)
def test_what_falls_beside_others_and_holds_alone_is_named(tmp_path: Path, source: str, code: int, said: str) -> None:
    (tmp_path / "test_it.py").write_text(source, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "tests.second_look", "--numprocesses", "1", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, said in run.stdout) == (code, True), run.stdout
