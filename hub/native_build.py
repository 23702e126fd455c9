"""Compiles every C file that stands beside the module that loads it; run by `make native` and by the wheel.

A library does in C what its module also does in Python. Its name holds the source's hash, so that an outdated one is
never loaded; the module looks for exactly that name, and goes on without when it is not there. Python's own headers
are not needed: modules use ctypes. Without a compiler one line says so, and nothing else fails.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("crdt_docs", "hub", "storage", "webrtc")
FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC")
COMPILERS = ("cc", "gcc", "clang")


class CompileError(Exception):
    """Nothing can be compiled here; says why and what to do."""


def sources(root: Path = ROOT) -> list[Path]:
    return sorted(source for package in PACKAGES for source in (root / package).rglob("*.c"))


def library_of(source: Path) -> Path:
    """Where the compiled form of this very source belongs; the module that loads it knows the same rule."""
    return source.with_name(f"{source.stem}-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}.so")


def compiler() -> list[str]:
    """`$CC`, or the first compiler there is."""
    named = shlex.split(os.environ.get("CC", ""))
    found = [shutil.which(name) for name in ([named[0]] if named else COMPILERS)]
    path = next((path for path in found if path), None)
    if path is None:
        raise CompileError(
            "there is no C compiler: the hub runs in Python alone, which takes more of the processor. "
            "On Debian: apt-get install gcc libc6-dev, then make native"
        )
    return [path, *named[1:]]


def compile_source(source: Path) -> Path:
    """Returns the library. What is there already stays; what an older source left behind goes."""
    library = library_of(source)
    if not library.exists():
        # Two runs at once must not see each other's half file.
        unfinished = library.with_suffix(f".{os.getpid()}.tmp")
        command = [*compiler(), *FLAGS, "-o", str(unfinished), str(source)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise CompileError(f"{shlex.join(command)} failed: {(done.stderr or done.stdout).strip()}")
            unfinished.replace(library)
        finally:
            unfinished.unlink(missing_ok=True)
    for former in source.parent.glob(f"{source.stem}-*.so"):
        if former != library:
            former.unlink(missing_ok=True)
    return library


def compile_all(root: Path = ROOT) -> list[Path]:
    """Every library that could be had; says in one line on standard error why one could not."""
    libraries = []
    for source in sources(root):
        try:
            libraries.append(compile_source(source))
        except (CompileError, OSError) as error:
            print(f"native: {error}", file=sys.stderr)
            break
    return libraries


def wheel_tag() -> str:
    """Of a wheel with libraries in it: any Python 3, this system, this processor."""
    return f"py3-none-{sys.platform}_{platform.machine()}"


if __name__ == "__main__":
    compile_all()
