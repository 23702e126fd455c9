"""What the core raises: always the peer's fault, never ours."""

from __future__ import annotations


class ProtocolError(ValueError):
    """These bytes are not what they claim to be; drop them."""


class NegotiationError(ValueError):
    """This offer can't be answered; tell the peer why and change nothing."""
