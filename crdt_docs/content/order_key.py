"""Keys between keys: an order in which one item moves without touching the others (fractional indexing).

A key is a whole part, whose first letter tells its length (`a0` … `az`, `b00` …, and down from `Zz`), and a fraction in
base 62 without trailing zeros. Keys compare by character code. The scheme is David Greenspan's "Implementing Fractional
Indexing".
"""

from __future__ import annotations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SMALLEST = "A" + "0" * 26
"""There is no whole part below it, so it is never handed out without a fraction."""


def key_between(before: str | None, after: str | None) -> str:
    """A key greater than `before` and smaller than `after`; None stands for the end on that side.

    Raise ValueError when they are not keys in this order.
    """
    if before is not None and after is not None and before >= after:
        raise ValueError(f"{before!r} does not come before {after!r}")
    if before is None:
        return "a0" if after is None else _key_before(after)
    whole, fraction = _split(before)
    if after is not None:
        after_whole, after_fraction = _split(after)
        if whole == after_whole:
            return whole + _midpoint(fraction, after_fraction)
        following = _next(whole)
        return following if following is not None and following < after else whole + _midpoint(fraction, None)
    following = _next(whole)
    return following if following is not None else whole + _midpoint(fraction, None)


def _key_before(after: str) -> str:
    whole, fraction = _split(after)
    if whole == _SMALLEST:
        return whole + _midpoint("", fraction)
    if fraction:
        return whole
    preceding = _previous(whole)
    # The smallest whole part must keep room below itself.
    return preceding if preceding != _SMALLEST else preceding + _midpoint("", None)


def _whole_length(head: str) -> int:
    if "a" <= head <= "z":
        return ord(head) - ord("a") + 2
    if "A" <= head <= "Z":
        return ord("Z") - ord(head) + 2
    raise ValueError(f"{head!r} does not begin a key")


def _split(key: str) -> tuple[str, str]:
    length = _whole_length(key[:1])
    if len(key) < length or key.endswith("0") and len(key) > length or any(c not in DIGITS for c in key):
        raise ValueError(f"{key!r} is not a key")
    return key[:length], key[length:]


def _next(whole: str) -> str | None:
    digits = list(whole[1:])
    for i in reversed(range(len(digits))):
        if digits[i] != DIGITS[-1]:
            digits[i] = DIGITS[DIGITS.index(digits[i]) + 1]
            return whole[0] + "".join(digits)
        digits[i] = DIGITS[0]
    if whole[0] == "z":
        return None
    head = "a" if whole[0] == "Z" else chr(ord(whole[0]) + 1)
    return head + DIGITS[0] * (_whole_length(head) - 1)


def _previous(whole: str) -> str:
    digits = list(whole[1:])
    for i in reversed(range(len(digits))):
        if digits[i] != DIGITS[0]:
            digits[i] = DIGITS[DIGITS.index(digits[i]) - 1]
            return whole[0] + "".join(digits)
        digits[i] = DIGITS[-1]
    head = "Z" if whole[0] == "a" else chr(ord(whole[0]) - 1)
    return head + DIGITS[-1] * (_whole_length(head) - 1)


def _midpoint(before: str, after: str | None) -> str:
    """A fraction between two; an empty `before` is zero, None is one. Neither argument nor result ends in zero."""
    out = ""
    while True:
        low = DIGITS.index(before[0]) if before else 0
        high = len(DIGITS) if after is None else DIGITS.index(after[0])
        if high - low > 1:
            return out + DIGITS[(low + high) // 2]
        out += DIGITS[low]
        if high == low:
            after = after[1:] if after else after
        elif after is not None and len(after) > 1:
            # Any fraction with this longer key's first digit, and nothing behind it, lies between.
            return out[:-1] + after[0]
        else:
            after = None
        before = before[1:]
