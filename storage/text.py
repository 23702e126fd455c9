"""Which text every database can keep."""

from __future__ import annotations


def storable(text: str) -> str:
    """Return the text, or raise ValueError: PostgreSQL keeps no NUL, and half a surrogate pair has no UTF-8."""
    if "\0" in text:
        raise ValueError("Text with a NUL character can't be stored.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("Text with half a surrogate pair can't be stored.") from error
    return text
