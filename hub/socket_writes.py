"""The same bytes to many sockets: in one call of C where that was compiled, else one by one.

A broadcast to a class is little more than the kernel's work for each socket then. It goes past the transports, so only
to those that hold nothing back; what a socket does not take at once its transport gets, as ever.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from typing import Protocol

from crdt_docs.native_library import load_library

_FEW = 4
"""So few are written one by one: the call costs as much."""


class Receiver(Protocol):
    def ready_fd(self) -> int:
        """The number of the socket, if it is open, plain, and its transport holds nothing back; else -1."""
        ...

    def offer(self, wire: bytes, before: bytes = b"") -> None: ...

    def send(self, wire: bytes) -> None: ...


def _load() -> ctypes.CDLL | None:
    library = load_library(__file__, "socket_writes")
    if library is not None:
        library.write_to_all.argtypes = (
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_void_p,
        )
        library.write_to_all.restype = ctypes.c_int
    return library


_LIBRARY = _load()
is_native = _LIBRARY is not None


def write_to_all(receivers: Sequence[Receiver], wire: bytes, before: bytes = b"") -> None:
    """Offer a framed broadcast to each, behind what each gets in any case.

    Nothing else may touch the sockets meanwhile, so it is called and left without an await.
    """
    if _LIBRARY is None or len(receivers) < _FEW:
        for receiver in receivers:
            receiver.offer(wire, before)
        return
    fds = array("i")
    ready: list[Receiver] = []
    for receiver in receivers:
        fd = receiver.ready_fd()
        if fd < 0:
            receiver.offer(wire, before)
        else:
            fds.append(fd)
            ready.append(receiver)
    write_to_ready(ready, fds, before + wire)


def write_to_ready(receivers: Sequence[Receiver], fds: array[int], data: bytes) -> None:
    """The same for receivers that were all found ready, with the number of each; -1: it is not plain."""
    if _LIBRARY is None or len(receivers) < _FEW or min(fds) < 0:
        for receiver in receivers:
            receiver.offer(data)
        return
    taken = array("q", bytes(8 * len(receivers)))
    if _LIBRARY.write_to_all(fds.buffer_info()[0], len(receivers), data, len(data), taken.buffer_info()[0]):
        for receiver, size in zip(receivers, taken, strict=True):
            if size == 0:
                receiver.offer(data)
            elif size < len(data):
                # The rest of a frame that was begun is no broadcast any more that could be dropped.
                receiver.send(data[size:])
