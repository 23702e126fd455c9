"""The same bytes to many real sockets, by C and by Python: nothing lost, doubled or mixed up, however full they are."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from hub import socket_writes
from hub.socket_writes import write_to_all


class Receiver:
    """A socket with a transport that holds back what the socket does not take."""

    def __init__(self, *, ready: bool = True) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.ready = ready
        self.rest = b""
        self.dropped: list[bytes] = []

    def ready_fd(self) -> int:
        return self.ours.fileno() if self.ready and not self.rest else -1

    def offer(self, wire: bytes, before: bytes = b"") -> None:
        if self.rest:
            self.dropped.append(wire)
            wire = b""
        self.send(before + wire)

    def send(self, wire: bytes) -> None:
        try:
            sent = 0 if self.rest else self.ours.send(wire)
        except BlockingIOError:
            sent = 0
        self.rest += wire[sent:]

    def read_all(self) -> bytes:
        data = bytearray()
        self.theirs.setblocking(False)
        while True:
            try:
                piece = self.theirs.recv(1 << 20)
            except BlockingIOError:
                piece = b""
            data += piece
            if not piece:
                if not self.rest:
                    return bytes(data)
                rest, self.rest = self.rest, b""
                self.send(rest)

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


@pytest.fixture(params=["native", "python"])
def receivers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Receiver]]:
    if request.param == "python":
        monkeypatch.setattr(socket_writes, "_LIBRARY", None)
    made = [Receiver(ready=number != 3) for number in range(8)]
    yield made
    for receiver in made:
        receiver.close()


def test_SH9_everybody_gets_the_same(receivers: list[Receiver]) -> None:
    write_to_all(receivers, b"one")
    write_to_all(receivers, b"two", b"before ")
    write_to_all(receivers[:2], b"three")
    write_to_all([], b"nobody")
    assert [receiver.read_all() for receiver in receivers] == [b"onebefore twothree"] * 2 + [b"onebefore two"] * 6


def test_SH9_what_a_full_socket_does_not_take_its_transport_gets(receivers: list[Receiver]) -> None:
    wires = [bytes([number]) * 3_000 for number in range(40)]
    for wire in wires:
        write_to_all(receivers, wire, b"!")
    for receiver in receivers:
        kept = [wire for wire in wires if wire not in receiver.dropped]
        data = receiver.read_all()
        assert data.count(b"!") == len(wires), "what comes before a broadcast is never dropped"
        assert data.replace(b"!", b"") == b"".join(kept)
        assert receiver.dropped


def test_a_broken_socket_harms_nobody_else(receivers: list[Receiver]) -> None:
    receivers[1].theirs.close()
    with pytest.raises(BrokenPipeError):
        # Its transport would find out and end the connection.
        write_to_all(receivers, b"one")
    assert receivers[0].read_all() == b"one"
