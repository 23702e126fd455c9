"""What this package raises on purpose: the bytes, the answers or the engine are at fault, never the hub."""

from __future__ import annotations


class ProtocolError(Exception):
    """A peer sent what the protocol or a limit forbids. `code` is stable and becomes the close code of the session."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code}: {reason}")


class EngineFailure(Exception):
    """The engine broke down over this session's bytes. The LiveDoc can't be trusted any more: discard it.

    The engine panics with a BaseException of its own; what it leaves behind is in no defined state.
    """

    def __init__(self, session_id: str | None) -> None:
        self.session_id = session_id
        super().__init__("the document engine broke down")


def is_engine_fault(error: BaseException) -> bool:
    """Whether the engine raised this; its panics are no `Exception`, and interrupts of the program are not its own."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


class ContentError(Exception):
    """A content or an answer to it does not fit its kind. `field` names the question, card or part that is wrong."""

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        self.detail = detail
        self.field = field
        super().__init__(detail)


class Absent(ContentError):
    """What was named is not in the content, or not any more."""
