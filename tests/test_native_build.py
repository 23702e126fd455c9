"""What is in C is compiled where a compiler is, never outdated, and never a reason to fail."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # `make test` installs a compiler first

SCRIPT = Path(__file__).parent.parent / "hub" / "native_build.py"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the script in a repository with one C file."""
    (tmp_path / "hub").mkdir()
    shutil.copy(SCRIPT, tmp_path / "hub")
    (tmp_path / "webrtc").mkdir()
    (tmp_path / "webrtc" / "number.c").write_text("int number(void) { return 1; }\n")
    return tmp_path


def build(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "hub" / "native_build.py")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    assert done.returncode == 0, done.stderr
    return done


def libraries(root: Path) -> list[Path]:
    return list((root / "webrtc").glob("number-*.so"))


def test_a_source_becomes_a_library_and_a_changed_one_another(root: Path) -> None:
    assert build(root).stderr == ""
    (first,) = libraries(root)
    assert ctypes.CDLL(str(first)).number() == 1
    (root / "webrtc" / "number.c").write_text("int number(void) { return 2; }\n")
    build(root)
    (second,) = libraries(root)
    assert second != first
    assert ctypes.CDLL(str(second)).number() == 2


def test_what_is_up_to_date_stays(root: Path) -> None:
    build(root)
    (library,) = libraries(root)
    before = library.stat().st_mtime_ns
    assert build(root, PATH="").stderr == ""
    assert library.stat().st_mtime_ns == before


def test_without_a_compiler_one_line_says_so(root: Path) -> None:
    done = build(root, PATH="", CC="")
    assert libraries(root) == []
    assert done.stderr.count("\n") == 1
    assert "no C compiler" in done.stderr


def test_a_source_that_does_not_compile_is_named_and_leaves_nothing(root: Path) -> None:
    (root / "webrtc" / "number.c").write_text("int number(void) { return")
    assert "number.c" in build(root).stderr
    assert [path.name for path in (root / "webrtc").iterdir()] == ["number.c"]
