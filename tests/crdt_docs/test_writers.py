"""Client ids and the users they are bound to (rules AU)."""

from __future__ import annotations

from crdt_docs.awareness import Entry, encode_awareness
from crdt_docs.effects import Effect, Publish
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import AwarenessUpdate, SyncStep2, Update
from crdt_docs.update_header import EMPTY_UPDATE
from tests.crdt_docs.editor import (
    Editor,
    join,
    open_doc,
    persisted,
    receive,
    rejections,
    string_item,
    text_of,
    update_of,
)


def test_AU1_who_writes_under_anothers_client_id_is_refused_alone() -> None:
    live, ana = open_doc(), Editor(1)
    for session in "ab":
        join(live, session)
    receive(live, "a", Update(ana.type("mine")))
    assert rejections(receive(live, "b", Update(ana.type(" too")))) == ["conflict"]
    assert text_of(live) == "mine"
    assert list(live.session_ids) == ["a"]


def test_AU1_what_is_known_may_come_from_anybody() -> None:
    live, ana = open_doc(), Editor(1)
    for session in "ab":
        join(live, session)
    update = ana.type("mine")
    receive(live, "a", Update(update))
    assert rejections(receive(live, "b", Update(update))) == []
    assert rejections(receive(live, "b", Update(ana.delete(0, 1)))) == [], "deleting is no writing"


def test_AU1_the_same_user_goes_on_under_the_same_client_id_in_another_session() -> None:
    live, ana = open_doc(), Editor(1)
    for session in "ab":
        join(live, session, user_id="ana")
    receive(live, "a", Update(ana.type("here ")))
    assert rejections(receive(live, "b", Update(ana.type("and there")))) == []
    assert text_of(live) == "here and there"


def test_AU1_a_client_id_that_somebody_is_seen_with_is_theirs_before_they_write() -> None:
    live, ana = open_doc(), Editor(1)
    for session in "ab":
        join(live, session)
    receive(live, "a", AwarenessUpdate(encode_awareness([Entry(1, 1, "{}")])))
    assert rejections(receive(live, "b", Update(ana.type("squatter")))) == ["conflict"]
    live.disconnect("a", 0.0)
    join(live, "c")
    receive(live, "c", AwarenessUpdate(encode_awareness([Entry(1, 9, "{}")])))
    join(live, "a")
    assert rejections(receive(live, "a", Update(ana.doc.get_update()))) == []
    assert text_of(live) == "squatter"


def test_AU1_nobody_writes_under_the_hubs_client_id() -> None:
    live = open_doc()
    join(live, "a")
    assert rejections(receive(live, "a", Update(update_of(string_item("x"), client=999)))) == ["conflict"]


def test_AU2_the_first_live_update_binds_and_says_so_once() -> None:
    live, ana, old = open_doc(), Editor(1), Editor(2)
    join(live, "a", user_id="ana")
    bound = [receive(live, "a", Update(update)) for update in (ana.type("x"), ana.type("y"), old.type("offline"))]
    assert [dict(persisted(effects)[0].writers) for effects in bound] == [{1: "ana"}, {}, {2: "ana"}]
    later = LiveDoc(Limits(), state=live.state(), writers={1: "ana", 2: "ana"})
    join(later, "b")
    assert rejections(receive(later, "b", Update(old.type("!")))) == ["conflict"]


def test_AU3_an_answer_may_bring_what_others_wrote_and_binds_nothing() -> None:
    live, ana, bea = open_doc(), Editor(1), Editor(2)
    lost = ana.type("lost in a crash ")
    bea.doc.apply_update(lost)
    bea.take()
    bea.type("and mine")
    join(live, "b")
    effects = receive(live, "b", SyncStep2(bea.doc.get_update()))
    assert [(dict(effect.writers), effect.user_id) for effect in persisted(effects)] == [({}, "user-b")]
    join(live, "a")
    assert rejections(receive(live, "a", Update(ana.type("; I am back")))) == []
    # Only the answer to our question is taken so.
    join(live, "c")
    receive(live, "c", SyncStep2(b"\x00\x00"))
    assert rejections(receive(live, "c", SyncStep2(update_of(string_item("forged"), client=1, clock=27)))) == [
        "conflict"
    ]


def seen(client: int, clock: int = 1) -> AwarenessUpdate:
    return AwarenessUpdate(encode_awareness([Entry(client, clock, "{}")]))


def brought_by_another(live: LiveDoc, ana: Editor) -> list[Effect]:
    """Ana's text comes back through Bea's answer, after a crash say."""
    join(live, "b", user_id="bea")
    return receive(live, "b", SyncStep2(ana.doc.get_update()))


def test_AU3_whoever_is_first_seen_with_an_unbound_client_id_is_its_writer() -> None:
    live, ana = open_doc(), Editor(1)
    ana.type("lost in a crash")
    assert [dict(effect.writers) for effect in persisted(brought_by_another(live, ana))] == [{}]
    join(live, "a", user_id="ana")
    effects = receive(live, "a", seen(1))
    assert [(dict(effect.writers), effect.update) for effect in persisted(effects)] == [({1: "ana"}, EMPTY_UPDATE)]
    assert persisted(receive(live, "a", seen(1, 2))) == [], "once is enough"
    assert rejections(receive(live, "b", Update(ana.type("!")))) == ["conflict"]
    assert [effect for effect in effects if isinstance(effect, Publish)], "other processes are told"


def test_AU3_whoever_is_seen_with_a_client_id_whose_text_comes_later_is_its_writer() -> None:
    live, ana = open_doc(), Editor(1)
    ana.type("lost in a crash")
    join(live, "a", user_id="ana")
    assert persisted(receive(live, "a", seen(1))) == [], "nothing is written under it yet"
    assert [dict(effect.writers) for effect in persisted(brought_by_another(live, ana))] == [{1: "ana"}]


def test_AU3_what_another_process_tells_without_a_writer_is_bound_where_its_writer_is_seen() -> None:
    one, two = open_doc(), LiveDoc(Limits(), client_id=998)
    ana = Editor(1)
    ana.type("lost in a crash")
    join(two, "a", user_id="ana")
    receive(two, "a", seen(1))
    said = [effect.message for effect in brought_by_another(one, ana) if isinstance(effect, Publish)]
    effects = [effect for message in said for effect in two.receive_peer(message, 0.0)]
    assert [dict(effect.writers) for effect in persisted(effects)] == [{1: "ana"}]
    for effect in effects:
        if isinstance(effect, Publish):
            one.receive_peer(effect.message, 0.0)
    assert rejections(receive(one, "b", Update(ana.type("!")))) == ["conflict"]


def test_AU3_being_seen_takes_nothing_from_its_writer() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a", user_id="ana")
    receive(live, "a", Update(ana.type("mine")))
    live.disconnect("a", 0.0)
    join(live, "b", user_id="bea")
    assert persisted(receive(live, "b", seen(1))) == []
    assert persisted(receive(live, "b", seen(999))) == [], "nor from the hub"
    join(live, "a", user_id="ana")
    assert rejections(receive(live, "a", Update(ana.type("!")))) == []


def test_AU3_a_reader_is_no_writer_until_they_may_write() -> None:
    live, ana = open_doc(), Editor(1)
    ana.type("lost in a crash")
    brought_by_another(live, ana)
    join(live, "a", user_id="ana", can_write=False)
    assert persisted(receive(live, "a", seen(1))) == []
    assert [dict(effect.writers) for effect in persisted(live.set_can_write("a", True))] == [{1: "ana"}]


def test_AU4_processes_tell_each_other_who_writes() -> None:
    one, two = open_doc(), LiveDoc(Limits(), client_id=998)
    ana = Editor(1)
    join(one, "a", user_id="ana")
    for effect in receive(one, "a", Update(ana.type("x"))):
        if isinstance(effect, Publish):
            two.receive_peer(effect.message, 0.0)
    join(two, "b", user_id="bea")
    assert rejections(receive(two, "b", Update(ana.type("y")))) == ["conflict"]
    late = LiveDoc(Limits(), client_id=997)
    for effect in one.receive_peer(late.ask_peers()[0].message, 0.0):  # type: ignore[union-attr]
        late.receive_peer(effect.message, 0.0)  # type: ignore[union-attr]
    join(late, "b", user_id="bea")
    assert rejections(receive(late, "b", Update(ana.type("z")))) == ["conflict"]


def test_AU2_what_waits_aside_is_checked_when_its_turn_comes() -> None:
    live, ana = open_doc(), Editor(1)
    for session in "ab":
        join(live, session)
    first, second = ana.type("1"), ana.type("2")
    assert rejections(receive(live, "b", Update(second))) == []
    assert rejections(receive(live, "a", Update(first))) == ["conflict"], "b's turn came, and a had written"
    assert text_of(live) == "1"
    assert list(live.session_ids) == ["a"]
