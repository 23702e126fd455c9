"""Run pytest; a test that failed beside others runs once more, alone, and decides.

    python -m tests.second_look [arguments of pytest]

Two real browsers, a hub and a media process to each test, several tests at once: on a machine of two cores this is a
load test of its own, and a time limit can end what is only waiting for its turn. So the few that failed are asked
again with the machine to themselves. What fails then fails the run; what holds is named, since a test that needs
quiet is a defect still. More than a few failures are no accident, and no second look is taken.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

MOST = 3
_CACHE = ".pytest_cache"


def main(arguments: Sequence[str]) -> int:
    """The exit code of pytest, of its second run where there was one."""
    pytest = [sys.executable, "-m", "pytest"]
    first = subprocess.run([*pytest, "--cache-clear", *arguments], check=False)
    # Anything else (interrupted, an error of pytest's own) means that not all tests ran.
    if first.returncode != 1:
        return first.returncode
    failed = [*json.loads((Path(_CACHE) / "v" / "cache" / "lastfailed").read_text("utf-8"))]
    if len(failed) > MOST:
        print(f"{len(failed)} tests failed: too many for a second look.", flush=True)
        return 1
    print("A second look, alone, at:", *failed, sep="\n  ", flush=True)
    second = subprocess.run([*pytest, *failed], check=False)
    if second.returncode == 0:
        print("Failed beside others and held alone, to be mended:", *failed, sep="\n  ", flush=True)
    return second.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
