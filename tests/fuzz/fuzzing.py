"""Feeds parsers with broken input; stops at the first that misbehaves. `documents` and `media` beside it name them.

A parser may return a value or raise its own errors, in time and memory in proportion to the input. A failure prints the
target and the input in hex; give that to `--input` to see it again, and to the target's corpus when it is mended.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crdt_docs.encoding import MAX_SAFE_INTEGER, encode_varuint

SLOWEST_S = 2.0
"""Generous: a busy machine must not fail. A hang does."""
BYTES_PER_BYTE = 2_000
"""Memory a parser may take for each byte of its input, beyond the first megabyte."""
INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, MAX_SAFE_INTEGER, 1 << 62)
LENGTHS = (0, 1, 2, 3, 4, 0x7F, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF)


class Misbehaviour(Exception):
    def __init__(self, target: str, data: bytes, what: str) -> None:
        self.data = data
        super().__init__(f"{target}: {what}\n  --target {target} --input {data.hex()}")


@dataclass(frozen=True)
class Target:
    parse: Callable[[bytes], Any]
    corpus: list[bytes]
    allowed: tuple[type[BaseException], ...]
    measures_memory: bool = True
    """False for what keeps a state that has to grow."""


def mutate(rng: random.Random, corpus: list[bytes]) -> bytes:
    data = bytearray(rng.choice(corpus))
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        place = rng.randrange(len(data) + 1)
        kind = rng.randrange(9)
        if kind == 0 and data:
            data[place % len(data)] ^= 1 << rng.randrange(8)
        elif kind == 1 and data:
            data[place % len(data)] = rng.randrange(256)
        elif kind == 2:
            del data[place:]
        elif kind == 3:
            del data[place : place + rng.randrange(1, 9)]
        elif kind == 4:
            data[place:place] = rng.randbytes(rng.randrange(1, 9))
        elif kind == 5:
            data[place : place + rng.randrange(3)] = encode_varuint(rng.choice(INTERESTING))
        elif kind == 6:
            data[place : place + 2] = rng.choice(LENGTHS).to_bytes(2, "big")
        elif kind == 7:
            data[place:place] = data[place : place + rng.randrange(1, 40)] * rng.choice((1, 2, 100))
        else:
            other = rng.choice(corpus)
            data[place:] = other[rng.randrange(len(other) + 1) :]
    return bytes(data)


def check(name: str, target: Target, data: bytes) -> None:
    """Raise Misbehaviour."""
    started = time.perf_counter()
    try:
        target.parse(data)
    except target.allowed:
        pass
    except Exception as error:
        raise Misbehaviour(name, data, f"raised {error!r}") from error
    if time.perf_counter() - started > SLOWEST_S:
        raise Misbehaviour(name, data, "took too long")


def fuzz(name: str, target: Target, *, seed: int, seconds: float) -> int:
    """How many inputs were tried. Raise Misbehaviour."""
    rng = random.Random(f"{name}/{seed}")
    deadline = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < deadline:
        data = mutate(rng, target.corpus)
        if tried % 50 == 0 and target.measures_memory:
            _check_memory(name, target, data)
        check(name, target, data)
        tried += 1
    return tried


def _check_memory(name: str, target: Target, data: bytes) -> None:
    tracemalloc.start()
    try:
        check(name, target, data)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if taken > (1 << 20) + BYTES_PER_BYTE * len(data):
        raise Misbehaviour(name, data, f"took {taken} bytes of memory")


def main(targets: Mapping[str, Target], about: str | None) -> int:
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=sorted(targets), action="append")
    parser.add_argument("--input", help="hex of one input to try, instead of many")
    options = parser.parse_args()
    names = options.target or list(targets)
    if options.input is not None:
        for name in names:
            check(name, targets[name], bytes.fromhex(options.input))
        return 0
    deadline = time.monotonic() + options.seconds
    tried = dict.fromkeys(names, 0)
    seed = options.seed
    while time.monotonic() < deadline:
        for name in names:
            # In turns, so that hours of one are hours of all, and a run that is cut short has tried everything.
            turn_s = min(20.0, options.seconds / len(names), max(deadline - time.monotonic(), 0.0))
            print(f"{name}, seed {seed}", flush=True)
            # A hang inside the engine hears no signal; this ends the process, and the seed leads there again.
            faulthandler.dump_traceback_later(turn_s + 30.0, exit=True)
            try:
                tried[name] += fuzz(name, targets[name], seed=seed, seconds=turn_s)
            except Misbehaviour as failure:
                print(f"seed {seed}, {failure}", file=sys.stderr)
                return 1
        faulthandler.cancel_dump_traceback_later()
        seed += 1
    print(", ".join(f"{name} {number}" for name, number in tried.items()))
    return 0
