"""The header of an update as typing makes it: texts of one client, that delete nothing. In C where that was compiled.

Nearly every update is one, and reading its header in Python costs more than all that the engine does with it.
"""

from __future__ import annotations

import ctypes
from struct import Struct

from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.native_library import load_library
from crdt_docs.update_header import UpdateHeader, read_update_header

MAX_BYTES = 1 << 10
"""Longer ones are pasted, and rare."""
_NEEDS = 8
_MAX_STRUCTS = 64


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
_found = ctypes.create_string_buffer(8 * (5 + 2 * _NEEDS))
"""The structure that the C fills in: client, start, end, structs, how many needs; then client and clock of each."""
_address = ctypes.addressof(_found)
_read_numbers = Struct("=9q").unpack_from
_read_needs = Struct(f"={2 * _NEEDS}q").unpack_from


def read_keystroke(update: bytes, limits: Limits) -> UpdateHeader | None:
    """Its header, with one range and nothing deleted; None: it is another kind of update, or none at all."""
    if len(update) > MAX_BYTES:
        return None
    if _LIBRARY is None:
        return read_keystroke_in_python(update, limits)
    structs = _MAX_STRUCTS if limits.update_structs > _MAX_STRUCTS else limits.update_structs
    if not _LIBRARY.read_keystroke(update, len(update), structs, limits.name_bytes, _address):
        return None
    client, start, end, count, number, one, its_clock, two, that_clock = _read_numbers(_found)
    if number == 2:
        needs = {one: its_clock, two: that_clock}
    elif number == 1:
        needs = {one: its_clock}
    else:
        pairs = _read_needs(_found, 8 * 5)[: 2 * number]
        needs = dict(zip(pairs[::2], pairs[1::2], strict=True))
    return UpdateHeader(((client, start, end),), (), needs, count)


def read_logged_header(update: bytes, limits: Limits) -> UpdateHeader:
    """The header of an update of the log, most of which are keystrokes. Raise ProtocolError."""
    if _LIBRARY is not None and (header := read_keystroke(update, limits)) is not None:
        return header
    return read_update_header(
        update, max_structs=limits.first_sync_structs, max_nesting=limits.nesting, max_name_bytes=limits.name_bytes
    )


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
