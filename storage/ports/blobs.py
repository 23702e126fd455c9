"""Bytes by their hash."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Blobs(Protocol):
    """Bytes by the SHA-256 of what they are."""

    async def put(self, data: bytes) -> str:
        """Store (once) and return the hash in hex."""
        ...

    async def get(self, blob_hash: str) -> bytes:
        """The bytes as stored; the caller verifies. Raise NotFound."""
        ...

    async def put_file(self, path: Path) -> str:
        """Store what the file holds, which nobody may change from now on; the file itself stays. Raise Unavailable."""
        ...

    async def remove(self, blob_hash: str) -> None:
        """Forget it, if it is there. The caller knows that nothing else names it."""
        ...

    def path(self, blob_hash: str) -> str:
        """Where an administrator finds the blob; named by `hub verify`."""
        ...
