"""What a port raises on purpose."""

from __future__ import annotations


class StorageError(Exception):
    """Base of what a port raises on purpose."""


class NotFound(StorageError):
    """The row asked for is not there."""


class Conflict(StorageError):
    """A row with this key is there already, or changed under the caller."""


class Unavailable(StorageError):
    """The disk or the database can't answer now; nothing was changed, or it is unknown whether it was."""


class Missed(StorageError):
    """A subscription may have lost messages (slow reader, lost connection) and has ended.

    Subscribe again, then read from the store what the messages would have told.
    """
