"""The Y.Doc of one live document, and what pycrdt must be kept from: the only file that gives it a peer's bytes.

It is given an update only when that continues its clocks, so nothing ever waits inside of it (rules GA1 and UH).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pycrdt

from crdt_docs.compaction import continue_log, merge
from crdt_docs.encoding import decode_state_vector
from crdt_docs.errors import ContentError, EngineFailure, ProtocolError, is_engine_fault
from crdt_docs.limits import Limits
from crdt_docs.nesting import check_depth, depths_beside, depths_in
from crdt_docs.update_header import EMPTY_UPDATE, Id, UpdateHeader, covers, read_update_header

Result = TypeVar("Result")

_STATES_KEPT = 8
"""Answers to step 1 that are kept until the next change: a class that comes back at once asks the same question."""
_UNBOUNDED = 1 << 30


class Engine:
    def __init__(self, limits: Limits, state: bytes | None, entries: Sequence[bytes], client_id: int | None) -> None:
        """Merge what is stored and apply it once; `left_over` is what waits for something missing.

        Raise ProtocolError when the stored bytes are malformed.
        """
        self._limits = limits
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client_id)
        self.client_id: int = self._doc.client_id
        """Under which the hub itself writes."""
        self._states: dict[bytes, bytes] = {}
        self._depths: dict[Id, int] = {}
        self._scanned: tuple[bytes, int, UpdateHeader] | None = None
        stored = continue_log(state, entries, limits)
        if stored.state != EMPTY_UPDATE:
            self._doc.apply_update(stored.state)
        self.left_over = stored.aside
        self.clocks = decode_state_vector(self._doc.get_state())
        self._encoded_bytes = len(stored.state)

    def scan(self, update: bytes, max_structs: int = _UNBOUNDED) -> UpdateHeader:
        """Raise ProtocolError when a limit is broken. What was scanned last is remembered: it is asked for again."""
        if self._scanned is not None and self._scanned[0] is update and self._scanned[1] <= max_structs:
            return self._scanned[2]
        header = read_update_header(
            update,
            max_structs=max_structs,
            max_nesting=self._limits.nesting,
            max_name_bytes=self._limits.name_bytes,
        )
        self._scanned = (update, max_structs, header)
        return header

    def apply(self, update: bytes, header: UpdateHeader, session_id: str | None) -> bool:
        """Integrate an update that continues the clocks; whether anything was new.

        Raise ProtocolError, nothing changed, or EngineFailure: what happened to the document is unknown.
        """
        if not header.is_known(self.clocks):
            depths = self._depths_with(update, header) if header.types else {}
            self._run(update, session_id)
            header.advance(self.clocks)
            self._depths |= depths
            is_news = True
        elif not header.deletions:
            is_news = False
        else:
            # Clocks can't tell whether deletions are new; the event can. Its bytes are not used: for structs that are
            # known the engine emits an item that refers to itself.
            events = self._observe(lambda: self._run(update, session_id))[1]
            is_news = any(self.scan(event).deletions for event in events)
        if is_news:
            self._changed(update)
        return is_news

    def apply_expected(self, update: bytes) -> bool:
        """Integrate texts that `clocks` count already; False: the engine refuses them, which may have done harm."""
        try:
            self._doc.apply_update(update)
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            return False
        self._changed(update)
        return True

    def is_at_its_clocks(self) -> bool:
        """Whether the engine has what `clocks` say, no more and no less."""
        try:
            return decode_state_vector(self._doc.get_state()) == self.clocks
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            return False

    def can_tell_depths(self, header: UpdateHeader) -> bool:
        """Whether it is known how deep the types of an update will lie, without a pass over the whole state."""
        return depths_beside(header.types, self._depths) is not None

    def learn(self, update: bytes, header: UpdateHeader, depths: Mapping[Id, int]) -> None:
        """What passes over an update and the state found that were made elsewhere."""
        self._scanned = (update, header.structs, header)
        self._depths |= depths

    @property
    def encoded_bytes(self) -> int:
        """About how large the document is; updates that were integrated count in full."""
        return self._encoded_bytes

    def _depths_with(self, update: bytes, header: UpdateHeader) -> dict[Id, int]:
        """How deep the types of an update lie. Raise ProtocolError when that is too deep."""
        depths = depths_beside(header.types, self._depths)
        if depths is None:
            # Once after loading; and for what lies beside texts or values, where no editor of ours puts a type.
            depths = depths_in((self.state_since(b"\x00"), update), self._limits)
        check_depth(depths, self._limits)
        return depths

    def edit(self, change: Callable[[pycrdt.Doc[Any]], Result]) -> tuple[Result, bytes]:
        """Let the hub change the document; the result, and the update it made (empty: nothing).

        Raise ContentError when `change` does. Anything else it raises leaves the document half changed.
        """

        def run() -> Result:
            with self._doc.transaction():
                return change(self._doc)

        result, events = self._observe(run)
        update = merge(events)
        if update != EMPTY_UPDATE:
            self.scan(update).advance(self.clocks)
            self._changed(update)
        return result, update

    def read(self, reader: Callable[[pycrdt.Doc[Any]], Result]) -> Result:
        return reader(self._doc)

    def state_vector(self) -> bytes:
        return self._doc.get_state()

    def state_since(self, state_vector: bytes) -> bytes:
        """Everything that whoever has this state vector lacks, and all deletions. Raise ProtocolError."""
        state = self._states.get(state_vector)
        if state is None:
            if len(self._states) >= _STATES_KEPT:
                self._states.clear()
            try:
                state = self._states[state_vector] = self._doc.get_update(state_vector)
            except Exception as error:
                raise ProtocolError("invalid", "the document engine can't read a state vector") from error
        return state

    def news_of(self, state: bytes) -> bytes:
        """What a state brings that is not here, and all its deletions; reading that is less than reading all of it."""
        theirs: pycrdt.Doc[Any] = pycrdt.Doc()
        theirs.apply_update(state)
        return theirs.get_update(self.state_vector())

    def has(self, header: UpdateHeader) -> bool:
        """Whether all of an update, deletions too, is in the document."""
        if not header.is_known(self.clocks):
            return False
        if not header.deletions:
            return True
        return covers(self.scan(self.state_since(self.state_vector())).deletions, header.deletions)

    def has_room(self, more_bytes: int) -> bool:
        """Whether so many bytes more are nothing that anybody has to be told of."""
        return self._encoded_bytes + more_bytes <= self._limits.document_warn_bytes

    def is_large(self, more_bytes: int = 0) -> bool:
        """Whether it has grown so far that people should be told, before it is full."""
        limit = self._limits.document_warn_bytes
        if self._encoded_bytes + more_bytes <= limit:
            return False
        self._encoded_bytes = len(self.state_since(b"\x00"))
        return self._encoded_bytes + more_bytes > limit

    def check_size(self, more_bytes: int) -> None:
        """Raise ProtocolError when the document has no room for so many bytes."""
        limit = self._limits.document_bytes
        if self._encoded_bytes + more_bytes > limit:
            # The sum of updates overstates; count what the document really takes before refusing anything.
            self._encoded_bytes = len(self.state_since(b"\x00"))
            if self._encoded_bytes + more_bytes > limit:
                raise ProtocolError("too_large", f"the document is full: {limit} bytes")

    def _run(self, update: bytes, session_id: str | None) -> None:
        try:
            self._doc.apply_update(update)
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            if not isinstance(error, Exception) or not self.is_at_its_clocks():
                raise EngineFailure(session_id) from error
            raise ProtocolError("invalid", "the document engine can't read an update") from error

    def _observe(self, call: Callable[[], Result]) -> tuple[Result, list[bytes]]:
        events: list[bytes] = []
        subscription = self._doc.observe(lambda event: events.append(event.update))
        try:
            return call(), events
        except ContentError as error:
            if events:
                raise RuntimeError("a change failed half-way") from error
            raise
        finally:
            self._doc.unobserve(subscription)

    def _changed(self, update: bytes) -> None:
        self._states.clear()
        self._encoded_bytes += len(update)
