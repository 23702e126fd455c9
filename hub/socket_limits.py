"""What one socket of live documents may send, hold and leave unread. Every limit has a test and is answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SocketLimits:
    frame_slack_bytes: int = 4 << 10
    """What may surround the largest first sync in one frame: names and types."""
    messages_per_s: float = 30.0
    """Per client and document, sustained. Faster ones are not cut off: they are read more slowly."""
    messages_burst: float = 200.0
    document_messages_per_s: int = 1_000
    """What one document takes as it comes. A class of 300 sends more when it types, each less than a fair share."""
    fair_messages_per_s: float = 12.0
    """What each client of a document so crowded may send: more than anybody types, with all the cursors."""
    fair_burst: float = 40.0
    other_cost: float = 0.25
    """What anything but an update counts. Stock clients echo others' cursors, and typing must not wait for that."""
    behind_bytes: int = 1 << 20
    """More than this unsent, and broadcasts are dropped for that client until it has read up."""
    caught_up_bytes: int = 64 << 10
    cut_off_bytes: int = 24 << 20
    """One first sync and a little: a client that lets more pile up is not reading at all."""
    behind_timeout_s: float = 30.0
    look_again_s: float = 0.1
    documents_per_socket: int = 2_000
    joins_in_flight: int = 32
    """Questions who may open a document that are asked of the database at a time; a herd waits for its turn."""
    waiting_messages: int = 64
    """What a client may send to a document while it is being opened."""
    heartbeat_s: float = 25.0
    unnamed_timeout_s: float = 30.0
    """A socket on which no document was opened for so long is closed."""
