"""A document in several processes, and what the hub writes in it: nothing anybody was told of dies with a process."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc, Text

from crdt_docs.effects import Effect, Publish
from crdt_docs.encoding import encode_bytes
from crdt_docs.messages import SyncStep1, SyncStep2, Update
from crdt_docs.peer_messages import PeerUpdate, encode_peer_message, read_peer_message
from crdt_docs.update_header import EMPTY_UPDATE
from crdt_docs.writers import Bindings
from tests.crdt_docs.editor import Editor, broadcasts, join, open_doc, persisted, receive, sent, text_of
from tests.crdt_docs.test_live_doc import ACKNOWLEDGED


def write(doc: Doc[Any]) -> None:
    doc.get("t", type=Text).insert(0, "by the hub")


def told(effects: list[Effect]) -> list[PeerUpdate]:
    messages = [read_peer_message(effect.message) for effect in effects if isinstance(effect, Publish)]
    return [message for message in messages if isinstance(message, PeerUpdate)]


def test_PE5_other_processes_hear_of_the_hubs_own_change_that_it_is_durable() -> None:
    live, other = open_doc(), open_doc()
    _, token, _ = live.edit(write, user_id=None, now_ms=0.0)
    (update,) = told(live.committed(token, 0.0))
    assert update.is_durable
    assert not persisted(other.receive_peer(encode_peer_message(update), 0.0))
    assert text_of(other) == "by the hub"


def test_PE5_what_another_hub_process_wrote_and_has_not_stored_is_stored_here() -> None:
    live, other = open_doc(), open_doc()
    live.edit(write, user_id=None, now_ms=0.0)
    # It is asked before its disk answered, and may die before it does: nobody would bring that again.
    for message in told(live.receive_peer(b"\x02\x00", 0.0)):
        assert not message.is_durable
        effects = other.receive_peer(encode_peer_message(message), 0.0)
        if persisted(effects):
            break
    assert len(persisted(effects)) == 1 and text_of(other) == "by the hub"


def test_PE5_who_is_shown_the_hubs_change_early_does_not_get_ahead_of_the_others() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "b")
    _, token, effects = live.edit(write, user_id=None, now_ms=1_000.0)
    assert not broadcasts(effects)
    effects = receive(live, "b", SyncStep1(b"\x00"), 1_000.0)
    (broadcast,) = broadcasts(effects)
    ana.doc.apply_update(live.state())
    assert encode_bytes(live.state()) in broadcast.frame
    assert not broadcasts(live.committed(token, 1_001.0)), "once is enough"


def test_GA2_who_answered_with_a_gap_is_not_asked_for_ever() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    ana.type("lost with a process")
    leaning = ana.type("!")
    effects = receive(live, "a", SyncStep2(leaning))
    assert not sent(effects, "a"), "it has sent all it has"
    assert any(isinstance(effect, Publish) for effect in effects), "others may have it"


def test_PE10_what_others_stored_unheard_is_read_and_shown_and_not_stored_again() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "b")
    entries = [ana.type("one "), ana.type("two")]
    writers: Bindings = {1: "ana"}
    effects = live.receive_stored(None, entries, writers, 1_000.0)
    assert text_of(live) == "one two" and not persisted(effects) and len(broadcasts(effects)) == 1
    assert live.writers[1] == "ana"
    assert live.receive_stored(None, entries, writers, 2_000.0) == []


def test_RO2_a_readers_deletions_that_another_process_told_of_are_stored_before_they_are_acknowledged() -> None:
    """It may have made them while it might write, and the process that took them may have died."""
    live, ana = open_doc(), Editor(1)
    join(live, "w")
    receive(live, "w", Update(ana.type("abc")))
    live.committed(live.last_token, 0.0)
    live.receive_peer(b"\x00\x00" + ana.delete(0, 2), 0.0)
    join(live, "r", can_write=False)
    effects = receive(live, "r", SyncStep2(ana.doc.get_update(ana.doc.get_state())))
    (saved,) = persisted(effects)
    assert saved.user_id is None and not sent(effects, "r")
    assert sent(live.committed(saved.token, 0.0), "r") == [ACKNOWLEDGED]


def test_CN5_an_answer_of_which_a_slice_was_refused_is_not_acknowledged() -> None:
    """The role was taken away and given back between two slices."""
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    first, second, third = ana.type("1"), ana.type("2"), ana.type("3")
    assert persisted(receive(live, "a", SyncStep2(first, more_follows=True)))
    live.set_can_write("a", False)
    assert not persisted(receive(live, "a", SyncStep2(second, more_follows=True)))
    live.set_can_write("a", True)
    (answer,) = sent(receive(live, "a", SyncStep2(third)), "a")
    assert answer == ACKNOWLEDGED[:-1] + b"\x00" and text_of(live) == "1"
    live.committed(live.last_token, 0.0)
    # Asked again it brings all of it.
    assert persisted(receive(live, "a", SyncStep2(ana.doc.get_update()))) and text_of(live) == "123"
    assert not persisted(receive(live, "a", SyncStep2(EMPTY_UPDATE)))
