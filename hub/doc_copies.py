"""What is done to a copy of a document, in another process: merging what is stored, trying an update, naming authors.

Each of it takes a while, or may never end when somebody made it so (`hub.doc_probe`).
"""

from __future__ import annotations

import logging

from crdt_docs.authorship import Authorship
from crdt_docs.errors import ProtocolError
from crdt_docs.live_doc import LiveDoc
from crdt_docs.probe import authorship_request, check_request, load_request, read_authorship, read_checked, read_loaded
from crdt_docs.update_header import UpdateHeader
from hub.doc_probe import DocProbe, ProbeFailed
from hub.doc_saver import log_entries, stored_bytes
from hub.doc_surroundings import Surroundings
from hub.errors import Internal, Invalid, Unavailable
from storage import ports
from storage.records import ContentId, StoredDoc

logger = logging.getLogger(__name__)


class NotTaken(Exception):
    """The update stays out; end the session that sent it with this code and reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


async def merge(stored: StoredDoc, probe: DocProbe) -> tuple[bytes | None, list[bytes]]:
    """State and entries to open the document with.

    A large one is merged and read elsewhere first, so that a poisoned one can't stop the hub. Raise ProtocolError,
    ProbeFailed or OSError.
    """
    entries = [entry.update for entry in stored.entries]
    if stored_bytes(stored) < probe.limits.load_from_bytes:
        return stored.state, entries
    request = load_request(stored.state, entries)
    return read_loaded(await probe.call(request, probe.limits.load_timeout_s))


async def try_update(
    live: LiveDoc, update: bytes, content_id: ContentId, around: Surroundings
) -> list[tuple[bytes, UpdateHeader]]:
    """Its slices; none: take it whole. The document is told that it was tried (rules CN). Raise NotTaken."""
    probe, counts = around.probe, around.counts
    counts.probed += 1
    try:
        timeout_s = probe.limits.timeout_s + len(update) / probe.limits.bytes_per_s
        answer = await probe.call(check_request(live.state(), update), timeout_s)
        header, depths, slices = read_checked(answer)
        live.was_tried(update, header, depths)
        return slices
    except ProtocolError as error:
        counts.probe_failures += 1
        raise NotTaken(error.code, error.reason) from error
    except ProbeFailed as error:
        counts.probe_failures += 1
        logger.warning("A client's update to document %s was refused: %s.", content_id, error)
        raise NotTaken(Invalid.code, "the document engine can't take this update") from error
    except OSError as error:
        logger.exception("An update can't be tried on a copy of its document.")
        raise NotTaken(Unavailable.code, "the hub can't check this update now") from error


async def find_authorship(state: bytes, content_id: ContentId, around: Surroundings) -> Authorship:
    """Who wrote the text of this state. Raise Unavailable or Internal."""
    probe = around.probe
    try:
        stored = await around.doc_log.load(content_id)
        request = authorship_request(state, stored.history, log_entries(stored), stored.writers)
        return read_authorship(await probe.call(request, probe.limits.load_timeout_s))
    except (ports.StorageError, OSError) as error:
        raise Unavailable from error
    except (ProbeFailed, ProtocolError) as error:
        logger.exception("Nobody can say who wrote document %s.", content_id)
        raise Internal from error
