"""What others raise, said in the hub's own errors: storage's facts, a content that doesn't fit, what pydantic found."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from crdt_docs.errors import Absent, ContentError
from hub.errors import Conflict, HubError, Invalid, NotFound, Unavailable
from storage import ports

EXPECTED = (HubError, ports.StorageError, ContentError, TimeoutError)
"""What an action may raise on purpose; anything else is a fault of the hub."""

SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "has to be text",
    "string_too_short": "is too short: at least {min_length} characters",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_pattern_mismatch": "has the wrong form",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "list_type": "has to be a list",
    "dict_type": "has to be an object",
    "model_type": "has to be an object",
    "too_long": "has too many entries: at most {max_length}",
    "too_short": "has too few entries: at least {min_length}",
    "greater_than_equal": "has to be at least {ge}",
    "less_than_equal": "has to be at most {le}",
    "literal_error": "has to be one of: {expected}",
    "enum": "has to be one of: {expected}",
}


def refusal_of(error: ValidationError) -> Invalid:
    """The first thing that is wrong; the next one is found when this one is put right."""
    first = error.errors(include_url=False, include_input=False)[0]
    # Beside names a location holds list positions and, for unions, the names of types: people need the field alone.
    names = [part for part in first["loc"] if isinstance(part, str) and part.isidentifier() and part.islower()]
    field = names[0] if names else None
    context: dict[str, Any] = first.get("ctx", {})
    if first["type"] == "value_error":
        phrase = str(context["error"])
    else:
        phrase = SENTENCES.get(first["type"], "is not right").format(**context)
    subject = f"“{field}”" if field else "The request"
    return Invalid(f"{subject} {phrase}.", field=field)


def hub_error_of(error: Exception) -> HubError:
    """One of EXPECTED, as the caller may see it."""
    match error:
        case HubError():
            return error
        case Absent():
            return NotFound(error.detail, field=error.field)
        case ContentError():
            return Invalid(error.detail, field=error.field)
        case ports.NotFound():
            return NotFound()
        case ports.Conflict():
            return Conflict()
        case _:
            return Unavailable()
