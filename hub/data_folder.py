"""One hub per data folder: a second one would write the same documents behind the first one's back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hold_data_dir(data_dir: Path) -> Iterator[None]:
    """Hold the folder until the end of the block, or of the process. Raise OSError when another hub holds it."""
    with (data_dir / "hub.lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OSError(f"Another hub serves the data folder {data_dir} already.") from None
        yield
