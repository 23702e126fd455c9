"""The header of an update as typing makes it: texts of one client, that delete nothing. In C where that was compiled.

Nearly every update is one, and reading its header in Python costs more than all that the engine does with it.
"""

from __future__ import annotations

import ctypes

from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.native_library import load_library
from crdt_docs.update_header import UpdateHeader, read_update_header

MAX_BYTES = 1 << 10
"""Longer ones are pasted, and rare."""
_NEEDS = 8
_MAX_STRUCTS = 64


class _Keystroke(ctypes.Structure):
    _fields_ = (
        ("client", ctypes.c_int64),
        ("start", ctypes.c_int64),
        ("end", ctypes.c_int64),
        ("structs", ctypes.c_int64),
        ("needs", ctypes.c_int64),
        ("need", ctypes.c_int64 * (2 * _NEEDS)),
    )


def _load() -> ctypes.CDLL | None:
    library = load_library(__file__, "keystroke", keeps_lock=True)
    if library is not None:
        library.read_keystroke.argtypes = (
            ctypes.c_char_p,
            ctypes.c_int64,
            ctypes.c_int64,
            ctypes.c_int64,
            ctypes.c_void_p,
        )
        library.read_keystroke.restype = ctypes.c_int
    return library


_LIBRARY = _load()
is_native = _LIBRARY is not None
_found = _Keystroke()
_address = ctypes.addressof(_found)
_numbers = (ctypes.c_int64 * (5 + 2 * _NEEDS)).from_buffer(_found)


def read_keystroke(update: bytes, limits: Limits) -> UpdateHeader | None:
    """Its header, with one range and nothing deleted; None: it is another kind of update, or none at all."""
    if len(update) > MAX_BYTES:
        return None
    if _LIBRARY is None:
        return read_keystroke_in_python(update, limits)
    size, structs = len(update), min(_MAX_STRUCTS, limits.update_structs)
    if not _LIBRARY.read_keystroke(update, size, structs, limits.name_bytes, _address):
        return None
    client, start, end, count, needs, *need = _numbers[: 5 + 2 * _numbers[4]]
    return UpdateHeader(((client, start, end),), (), dict(zip(need[::2], need[1::2], strict=True)), count)


def read_keystroke_in_python(update: bytes, limits: Limits) -> UpdateHeader | None:
    try:
        header = read_update_header(
            update,
            max_structs=min(_MAX_STRUCTS, limits.update_structs),
            max_nesting=limits.nesting,
            max_name_bytes=limits.name_bytes,
        )
    except ProtocolError:
        return None
    if len(header.ranges) != 1 or header.deletions or header.types or header.forward_references:
        return None
    return header
