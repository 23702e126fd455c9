from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from crdt_docs.awareness import Entry, encode_awareness, read_awareness
from crdt_docs.effects import Publish
from crdt_docs.encoding import Reader, encode_bytes, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import AwarenessUpdate, QueryAwareness, Stateless, SyncStep1, SyncStep2, Update
from crdt_docs.peer_messages import PeerUpdate, encode_peer_message
from crdt_docs.y_websocket import YWebsocketCodec
from tests.crdt_docs.editor import (
    Editor,
    any_item,
    broadcasts,
    item,
    join,
    nested_arrays,
    open_doc,
    persisted,
    receive,
    rejections,
    sent,
    string_item,
    text_of,
    update_of,
)

ACKNOWLEDGED = b"\x03doc\x08\x01"
REFUSED = b"\x03doc\x08\x00"


def payload(frame: bytes, head: bytes) -> bytes:
    assert frame.startswith(head), frame
    return Reader(frame[len(head) :]).read_bytes(1 << 24)


def test_SY1_a_step_1_is_answered_with_what_it_lacks() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    receive(live, "a", Update(ana.type("hello")))
    known = ana.doc.get_state()
    receive(live, "a", Update(ana.type(" world")))
    answer = sent(receive(live, "a", SyncStep1(known)), "a")[0]
    assert b" world" in payload(answer, b"\x03doc\x00\x01")
    assert b"hello" not in answer


@pytest.mark.parametrize(("protocol", "again"), [("hocuspocus", 2), ("y-websocket", 1)])
def test_SY2_the_first_step_1_is_answered_by_ours_and_by_who_is_there(protocol: str, again: int) -> None:
    live = open_doc()
    join(live, "there")
    receive(live, "there", AwarenessUpdate(encode_awareness([Entry(1, 1, '{"x":1}')])))
    prefix = b"\x03doc" if protocol == "hocuspocus" else b""
    frames = sent(join(live, "a", protocol=protocol), "a")
    assert [frame[len(prefix) :][:2] for frame in frames[:2]] == [b"\x00\x01", b"\x00\x00"]
    assert read_awareness(payload(frames[2], prefix + b"\x01"), live.limits) == [Entry(1, 1, '{"x":1}')]
    assert len(sent(receive(live, "a", SyncStep1(b"\x00")), "a")) == again


def test_SY3_a_session_hears_nothing_before_it_asked() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    live.connect("silent", YWebsocketCodec(), user_id="b", can_write=True, now_ms=0.0)
    effects = receive(live, "a", Update(ana.type("x")))
    assert [broadcast.session_ids for broadcast in broadcasts(effects)] == [("a",)]


def test_SY4_the_sender_hears_its_own_change() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    join(live, "b")
    update = ana.type("x")
    (broadcast,) = broadcasts(receive(live, "a", Update(update)))
    assert broadcast.session_ids == ("a", "b")
    assert payload(broadcast.frame, b"\x03doc\x00\x02") == update


def test_SY5_changes_of_one_tick_travel_as_one() -> None:
    live, ana = open_doc(Limits(tick_ms=20.0)), Editor(1)
    join(live, "a")
    join(live, "y", protocol="y-websocket")
    first = receive(live, "a", Update(ana.type("1")), 100.0)
    assert len(broadcasts(first)) == 2, "quiet before, so at once, in both protocols"
    late = [receive(live, "a", Update(ana.type(digit)), 101.0) for digit in "234"]
    assert not any(broadcasts(effects) for effects in late)
    assert live.next_deadline() == 120.0
    assert not broadcasts(live.handle_deadline(119.0))
    merged = broadcasts(live.handle_deadline(120.0))
    assert [broadcast.session_ids for broadcast in merged] == [("a",), ("y",)]
    other: Doc = Doc()
    other.apply_update(payload(broadcasts(first)[1].frame, b"\x00\x02"))
    other.apply_update(payload(merged[1].frame, b"\x00\x02"))
    assert str(other.get("t", type=Text)) == "1234"


def test_SY5_ticks_are_longer_for_a_class_than_for_two() -> None:
    live, ana = open_doc(Limits(tick_ms=10.0, busy_tick_ms=25.0, busy_sessions=3)), Editor(1)
    for begin_ms, session_id, gap_ms in ((100.0, "a", 10.0), (200.0, "b", 10.0), (300.0, "c", 25.0)):
        join(live, session_id)
        assert broadcasts(receive(live, "a", Update(ana.type("1")), begin_ms))
        assert not broadcasts(receive(live, "a", Update(ana.type("2")), begin_ms + 1.0))
        assert live.next_deadline() == begin_ms + gap_ms
        assert broadcasts(live.handle_deadline(begin_ms + gap_ms))


def test_SY6_what_is_known_is_not_broadcast_again() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    update, deletion = ana.type("abc"), ana.delete(0, 1)
    receive(live, "a", Update(update), 0.0)
    receive(live, "a", Update(deletion), 100.0)
    live.handle_deadline(200.0)
    for again in (update, deletion, ana.doc.get_update()):
        effects = receive(live, "a", Update(again), 300.0)
        assert not broadcasts(effects) and not persisted(effects)
        assert live.next_deadline() != 315.0
    assert text_of(live) == "bc"


def test_SY7_a_session_that_missed_broadcasts_is_brought_up_to_date() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    join(live, "slow")
    for letter in "lost":
        receive(live, "a", Update(ana.type(letter)))
    (frame,) = sent(live.resync("slow", 0.0), "slow")
    copy: Doc = Doc()
    copy.apply_update(payload(frame, b"\x03doc\x00\x02"))
    assert str(copy.get("t", type=Text)) == "lost"
    assert live.resync("nobody", 0.0) == []


HOSTILE = [
    ("invalid", Update(b"\xff\xff\xff")),
    ("invalid", Update(update_of(any_item(nested_arrays(33))))),
    ("invalid", Update(update_of(item(4, b"\x01x", parent=b"\x00\x07\x00")))),
    ("too_large", Update(update_of(*[string_item("x")] * 30))),
    ("invalid", SyncStep1(b"\xff")),
    ("invalid", AwarenessUpdate(encode_awareness([Entry(1, 1, "no json")]))),
    ("too_large", AwarenessUpdate(encode_awareness([Entry(1, 1, '"' + "x" * 9_000 + '"')]))),
    ("too_large", Update(update_of(string_item("x" * 6_000)))),
]


@pytest.mark.parametrize(("code", "message"), HOSTILE)
def test_SY8_what_breaks_a_rule_ends_that_session_alone(code: str, message: Update) -> None:
    live, ana = open_doc(Limits(update_structs=20, document_bytes=5_000)), Editor(1)
    join(live, "bad")
    join(live, "good")
    receive(live, "good", Update(ana.type("kept")))
    effects = receive(live, "bad", message)
    assert rejections(effects) == [code]
    assert not persisted(effects)
    assert list(live.session_ids) == ["good"]
    assert receive(live, "bad", Update(ana.type("?"))) == []
    assert persisted(receive(live, "good", Update(ana.doc.get_update())))
    assert text_of(live) == "kept?"


def test_SY8_a_document_holds_so_many_sessions() -> None:
    live = open_doc(Limits(sessions=1))
    join(live, "a")
    assert rejections(join(live, "b")) == ["unavailable"]
    live.disconnect("a", 0.0)
    assert not rejections(join(live, "c"))


def test_RO1_a_readers_update_is_refused_with_an_answer() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "h", can_write=False)
    join(live, "y", can_write=False, protocol="y-websocket")
    for session_id, answer in (("h", REFUSED), ("y", b"\x02\x00")):
        effects = receive(live, session_id, Update(ana.type("x")))
        assert not persisted(effects) and not broadcasts(effects)
        assert sent(effects, session_id)[0].startswith(answer)
    assert text_of(live) == ""
    effects = receive(live, "h", AwarenessUpdate(encode_awareness([Entry(1, 1, "{}")])))
    assert len(broadcasts(effects)) == 2


def test_RO2_a_reader_who_returns_what_it_was_told_is_acknowledged() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "w")
    for update in (ana.type("abc"), ana.delete(0, 2)):
        receive(live, "w", Update(update))
    join(live, "r", can_write=False)
    assert sent(receive(live, "r", SyncStep2(ana.doc.get_update())), "r") == []
    assert sent(live.committed(2, 0.0), "r") == [ACKNOWLEDGED]
    ana.delete(0, 1)
    assert sent(receive(live, "r", SyncStep2(ana.doc.get_update())), "r") == [REFUSED]


def test_RO3_a_role_change_works_from_the_next_message_on() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    assert sent(live.set_can_write("a", False), "a") == [b"\x03doc\x02\x02" + encode_bytes(b"readonly")]
    assert live.set_can_write("a", False) == []
    assert not persisted(receive(live, "a", Update(ana.type("x"))))
    live.set_can_write("a", True)
    assert persisted(receive(live, "a", Update(ana.doc.get_update())))


def test_AW5_and_AW6_cursors_are_gathered_and_end_with_their_session() -> None:
    live = open_doc(Limits(awareness_tick_ms=50.0))
    join(live, "a")
    join(live, "b")
    assert len(broadcasts(receive(live, "a", AwarenessUpdate(encode_awareness([Entry(1, 1, "{}")])), 100.0))) == 1
    for clock in range(2, 9):
        state = AwarenessUpdate(encode_awareness([Entry(1, clock, f'{{"at":{clock}}}')]))
        assert not broadcasts(receive(live, "a", state, 110.0))
    (broadcast,) = broadcasts(live.handle_deadline(150.0))
    assert read_awareness(payload(broadcast.frame, b"\x03doc\x01"), live.limits) == [Entry(1, 8, '{"at":8}')]
    (farewell,) = broadcasts(live.disconnect("a", 500.0))
    assert farewell.session_ids == ("b",)
    assert read_awareness(payload(farewell.frame, b"\x03doc\x01"), live.limits) == [Entry(1, 9, "null")]
    assert sent(receive(live, "b", QueryAwareness()), "b") == []


def test_AW9_who_is_not_to_be_seen_is_gone_for_others_and_sees_them() -> None:
    live = open_doc()
    join(live, "a")
    join(live, "b")
    for session_id, client in (("a", 1), ("b", 2)):
        receive(live, session_id, AwarenessUpdate(encode_awareness([Entry(client, 1, "{}")])), 100.0)
    live.handle_deadline(300.0)
    (farewell,) = broadcasts(live.set_seen("a", False, 500.0))
    assert read_awareness(payload(farewell.frame, b"\x03doc\x01"), live.limits) == [Entry(1, 2, "null")]
    assert live.set_seen("a", False, 500.0) == []
    assert not broadcasts(receive(live, "a", AwarenessUpdate(encode_awareness([Entry(1, 5, "{}")])), 600.0))
    assert live.awareness.states() == {2: {}} and sent(receive(live, "a", QueryAwareness()), "a") != []
    live.set_seen("a", True, 700.0)
    assert len(broadcasts(receive(live, "a", AwarenessUpdate(encode_awareness([Entry(1, 6, "{}")])), 800.0))) == 1


def test_AW5_the_silent_are_shown_out_by_time_alone() -> None:
    live = open_doc()
    join(live, "a")
    receive(live, "a", AwarenessUpdate(encode_awareness([Entry(1, 1, "{}")])), 0.0)
    now, gone = 0.0, []
    while not gone and now < 60_000.0:
        deadline = live.next_deadline()
        assert deadline is not None and deadline > now
        now = deadline
        gone = broadcasts(live.handle_deadline(now))
    assert now == 30_000.0
    assert read_awareness(payload(gone[0].frame, b"\x03doc\x01"), live.limits)[0].state == "null"


def test_two_processes_tell_each_other_what_the_other_lacks() -> None:
    one, two = open_doc(), LiveDoc(Limits(), client_id=998)
    ana = Editor(1)
    join(one, "a")
    update = ana.type("abc")
    published = [effect for effect in receive(one, "a", Update(update)) if isinstance(effect, Publish)]
    deletion = ana.delete(0, 1)
    receive(one, "a", Update(deletion))
    assert [effect.message for effect in published] == [encode_peer_message(PeerUpdate(update, {1: "user-a"}))]
    (question,) = two.ask_peers()
    answers = one.receive_peer(question.message, 0.0)
    for answer in answers:
        two.receive_peer(answer.message, 0.0)
    assert text_of(two) == text_of(one) == "bc"
    join(two, "b")
    receive(two, "b", Update(Editor(2).type("only here")))
    asked = [e.message for e in one.receive_peer(two.ask_peers()[0].message, 1.0)]
    assert b"\x02" + one.ask_peers()[0].message[1:] in asked


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x09",
        b"\x00\xff",
        b"\x00\x00\xff",
        b"\x00\x01\x07\x02x",
        b"\x01\xff",
        b"\x02\xff",
        b"\x02" + encode_varuint(9),
    ],
)
def test_what_another_process_sends_is_checked_too(message: bytes) -> None:
    with pytest.raises(ProtocolError):
        open_doc().receive_peer(message, 0.0)


def test_stateless_messages_of_clients_mean_nothing() -> None:
    live = open_doc()
    join(live, "a")
    assert receive(live, "a", Stateless("{}")) == []


def test_LI1_LI2_a_large_document_says_so_once_and_a_full_one_takes_no_more() -> None:
    live, ana = open_doc(Limits(document_warn_bytes=2_000, document_bytes=5_000)), Editor(1)
    join(live, "a")
    join(live, "y", protocol="y-websocket")
    large = b'"document":"large"'
    told = [receive(live, "a", Update(ana.type("x" * 900))) for _ in range(4)]
    assert [sum(large in frame for frame in sent(effects, "a")) for effects in told] == [0, 0, 1, 0]
    assert not any(large in frame for effects in told for frame in sent(effects, "y"))
    assert any(large in frame for frame in sent(join(live, "late"), "late"))
    assert rejections(receive(live, "a", Update(ana.type("x" * 2_000)))) == ["too_large"]
    again = LiveDoc(live.limits, state=live.state())
    assert any(large in frame for frame in sent(join(again, "a"), "a"))


def test_AW8_who_moves_too_much_is_heard_later_and_their_text_at_once() -> None:
    live, ana = open_doc(Limits(awareness_per_s=5.0, awareness_burst=3.0)), Editor(1)
    join(live, "a")
    join(live, "b")

    def move(clock: int, now_ms: float, session: str = "a", client: int = 1) -> None:
        update = encode_awareness([Entry(client, clock, f'{{"at":{clock}}}')])
        receive(live, session, AwarenessUpdate(update), now_ms)

    for clock in range(1, 11):
        move(clock, float(clock))
    assert live.awareness.states() == {1: {"at": 3}}
    assert broadcasts(receive(live, "a", Update(ana.type("text")), 11.0))
    for _ in range(20):
        move(3, 12.0, "b")  # An echo.
    move(1, 12.0, "b", client=2)
    assert live.awareness.states() == {1: {"at": 3}, 2: {"at": 1}}
    assert live.next_deadline() is not None
    live.handle_deadline(204.0)
    assert live.awareness.states()[1] == {"at": 10}
    move(11, 500.0)
    assert live.awareness.states()[1] == {"at": 11}
    move(12, 501.0)
    live.disconnect("a", 502.0)
    live.handle_deadline(900.0)
    assert live.awareness.states() == {2: {"at": 1}}
