"""The process in which `hub.doc_probe` has documents tried: `python -m hub.doc_probe_worker LIMITS MEMORY_BYTES`.

It reads requests from its input and writes answers to its output, each behind its length, until the input ends.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from typing import BinaryIO

from crdt_docs.errors import ProtocolError, is_engine_fault
from crdt_docs.limits import Limits
from crdt_docs.probe import Fields, answer, decode_fields, encode_fields

DONE, REFUSED, FAILED = b"\x00", b"\x01", b"\x02"
LENGTH_BYTES = 8


def main() -> None:
    limits, memory_bytes = Limits(**json.loads(sys.argv[1])), int(sys.argv[2])
    # The terminal's Ctrl-C is for the hub, which ends this process by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while (request := _read(requests)) is not None:
        data = encode_fields(_answer(request, limits))
        answers.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
        answers.flush()


def _read(requests: BinaryIO) -> bytes | None:
    head = requests.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    return requests.read(int.from_bytes(head, "big"))


def _answer(request: bytes, limits: Limits) -> Fields:
    try:
        return [DONE, *answer(decode_fields(request), limits)]
    except ProtocolError as error:
        return [REFUSED, error.code.encode(), error.reason.encode()]
    except BaseException as error:
        if not is_engine_fault(error):
            raise
        return [FAILED, f"{type(error).__name__}: {error}"[:500].encode()]


if __name__ == "__main__":
    main()
