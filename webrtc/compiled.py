"""Finds what was compiled from the C files of this folder (hub/native_build.py). Without it, Python does the same."""

from __future__ import annotations

import hashlib
from ctypes import CDLL
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent


class Libraries(NamedTuple):
    fan_in: CDLL
    fan_out: CDLL


def load_libraries() -> Libraries | None:
    """Those of exactly these sources; None when there are none that this machine can load."""
    try:
        return Libraries(*(CDLL(str(_find(name))) for name in Libraries._fields))
    except OSError:
        return None


def _find(name: str) -> Path:
    source = _FOLDER / f"{name}.c"
    return _FOLDER / f"{name}-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}.so"
