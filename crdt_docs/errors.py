"""The two errors of this package; both say that the bytes or the answers are at fault, never the hub."""

from __future__ import annotations


class ProtocolError(Exception):
    """A peer sent what the protocol or a limit forbids. `code` is stable and becomes the close code of the session."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code}: {reason}")


class ContentError(Exception):
    """A content or an answer to it does not fit its kind. `field` names the question, card or part that is wrong."""

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        self.detail = detail
        self.field = field
        super().__init__(detail)


class Absent(ContentError):
    """What was named is not in the content, or not any more."""
