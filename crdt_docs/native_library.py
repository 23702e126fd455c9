"""Loads what `hub/native_build.py` made of a C file beside a module; without it the module goes on in Python."""

from __future__ import annotations

import ctypes
import hashlib
from pathlib import Path


def load_library(module_file: str, stem: str, *, keeps_lock: bool = False) -> ctypes.CDLL | None:
    """The compiled form of this very `stem`.c beside the module, or None.

    `keeps_lock`: calls are so short that other threads may wait for them.
    """
    source = Path(module_file).with_name(f"{stem}.c")
    try:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
        path = str(source.with_name(f"{stem}-{digest}.so"))
        return ctypes.PyDLL(path) if keeps_lock else ctypes.CDLL(path)
    except OSError:
        return None
