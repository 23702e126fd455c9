"""What a live document has on the disk: when it acknowledges, what it owes to other processes, what waits for a gap."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Map, Text

from crdt_docs.compaction import merge
from crdt_docs.effects import Persist, Publish
from crdt_docs.encoding import encode_bytes, encode_state_vector
from crdt_docs.errors import ContentError
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import SyncStep2, Update
from crdt_docs.update_header import EMPTY_UPDATE
from tests.crdt_docs.editor import (
    OUT_OF_ORDER,
    Editor,
    broadcasts,
    join,
    open_doc,
    persisted,
    receive,
    rejections,
    sent,
    text_of,
)
from tests.crdt_docs.test_live_doc import ACKNOWLEDGED


def test_GA1_GA2_a_gap_waits_and_its_sender_is_asked_once() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    receive(live, "a", SyncStep2(EMPTY_UPDATE))
    first, second, third = ana.type("1"), ana.type("2"), ana.type("3")
    effects = receive(live, "a", Update(second))
    assert sent(effects, "a") == [b"\x03doc\x00\x00" + encode_bytes(b"\x00")]
    assert not persisted(effects) and not broadcasts(effects)
    assert receive(live, "a", Update(third)) == []
    assert text_of(live) == ""
    effects = receive(live, "a", SyncStep2(first))
    assert text_of(live) == "123"
    assert [effect.update for effect in persisted(effects)] == [first, second, third]


def test_GA3_nothing_that_waits_is_acknowledged_before_it_is_durable() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    first, second = ana.type("1"), ana.type("2")
    assert ACKNOWLEDGED not in sent(receive(live, "a", Update(second)), "a")
    effects = receive(live, "a", Update(first))
    assert ACKNOWLEDGED not in sent(effects, "a")
    assert sent(live.committed(1, 0.0), "a") == [ACKNOWLEDGED]
    assert sent(live.committed(2, 0.0), "a") == [ACKNOWLEDGED]


def test_GA4_who_sends_too_much_that_leads_nowhere_is_rejected() -> None:
    live, ana = open_doc(Limits(aside_updates=2)), Editor(1)
    join(live, "a")
    ana.type("never sent")
    for _ in range(2):
        assert not rejections(receive(live, "a", Update(ana.type("x"))))
    assert rejections(receive(live, "a", Update(ana.type("x")))) == ["conflict"]
    assert not live.has_gap


def test_GA5_the_order_that_the_engine_does_not_survive() -> None:
    live = open_doc()
    join(live, "a")
    for i in (0, 2, 3, 1):
        receive(live, "a", Update(OUT_OF_ORDER[i]))
    assert text_of(live) == "xyxyxxyy"
    assert not live.has_gap
    copy: Doc = Doc()
    copy.apply_update(merge(OUT_OF_ORDER))
    assert str(copy.get("t", type=Text)) == "xyxyxxyy"


def test_GA5_the_same_order_in_the_log() -> None:
    live = LiveDoc(Limits(), entries=[OUT_OF_ORDER[i] for i in (0, 2, 3, 1)])
    assert text_of(live) == "xyxyxxyy"
    holed = LiveDoc(Limits(), entries=[OUT_OF_ORDER[i] for i in (0, 2, 3)])
    assert text_of(holed) == "xy" and holed.has_gap
    join(holed, "a")
    receive(holed, "a", Update(OUT_OF_ORDER[1]))
    assert text_of(holed) == "xyxyxxyy"


def test_PE1_updates_are_persisted_as_received_with_their_author() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a", user_id="ana")
    update = ana.type("x")
    assert persisted(receive(live, "a", Update(update))) == [Persist(1, update, "ana", {1: "ana"})]


def test_PE2_the_acknowledgement_follows_the_commit() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    join(live, "b")
    receive(live, "a", Update(ana.type("1")))
    receive(live, "a", Update(ana.type("2")))
    assert sent(live.commit_failed(), "a") != [ACKNOWLEDGED]
    effects = live.committed(2, 0.0)
    assert sent(effects, "a").count(ACKNOWLEDGED) == 2
    assert ACKNOWLEDGED not in sent(effects, "b")


def test_PE3_nothing_new_is_acknowledged_when_all_before_it_is_durable() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    assert sent(receive(live, "a", SyncStep2(EMPTY_UPDATE)), "a") == [ACKNOWLEDGED]
    receive(live, "a", Update(ana.type("1")))
    join(live, "b")
    # b returns what it learnt from the broadcast: it may not hear "saved" before that is saved.
    assert sent(receive(live, "b", SyncStep2(ana.doc.get_update())), "b") == []
    assert sent(live.committed(1, 0.0), "b") == [ACKNOWLEDGED]


def test_PE3_what_only_another_process_had_is_persisted_again() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    update = ana.type("x")
    assert not persisted(live.receive_peer(b"\x00\x00" + update, 0.0))
    assert persisted(receive(live, "a", SyncStep2(update)))


def test_PE7_what_leans_on_another_process_is_persisted_with_it() -> None:
    live, ana, kuba = open_doc(), Editor(1), Editor(2)
    join(live, "k")
    theirs = ana.type("abc")
    live.receive_peer(b"\x00\x00" + theirs, 0.0)
    apart = Update(kuba.type("apart"))
    assert len(persisted(receive(live, "k", apart))) == 1
    kuba.doc.apply_update(theirs)
    kuba.take()
    kuba.text.insert(str(kuba.text).index("abc") + 1, "!")
    (ours,) = kuba.take()
    assert [effect.update for effect in persisted(receive(live, "k", Update(ours)))] == [theirs, ours]


def test_PE7_what_the_other_process_made_durable_is_left_to_it() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    update = ana.type("abc")
    live.receive_peer(b"\x00\x00" + update, 0.0)
    live.receive_peer(b"\x03" + encode_state_vector({1: 3}), 0.0)
    assert not persisted(receive(live, "a", SyncStep2(EMPTY_UPDATE)))
    live.receive_peer(b"\x00\x00" + ana.type("d"), 0.0)
    (saved,) = persisted(receive(live, "a", SyncStep2(EMPTY_UPDATE)))
    assert saved.user_id is None
    assert b"\x08\x01" in b"".join(sent(live.committed(saved.token, 0.0), "a"))


def test_PE7_processes_tell_what_they_made_durable() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    live.receive_peer(b"\x02\x00", 0.0)
    receive(live, "a", Update(ana.type("abc")))
    published = [effect.message for effect in live.committed(1, 0.0) if isinstance(effect, Publish)]
    assert published == [b"\x03" + encode_state_vector({1: 3})]


def test_PE4_storage_that_fails_is_told_once() -> None:
    live, ana = open_doc(), Editor(1)
    join(live, "a")
    join(live, "y", protocol="y-websocket")
    receive(live, "a", Update(ana.type("x")))
    assert sent(live.commit_failed(), "a") == [b"\x03doc\x05" + encode_bytes(b'{"version":1,"storage":"failing"}')]
    assert live.commit_failed() == []
    assert any(b'"storage":"failing"' in frame for frame in sent(join(live, "late"), "late"))
    assert all(frame[0] in (0, 1) for frame in sent(join(live, "z", protocol="y-websocket"), "z"))
    assert sent(live.committed(1, 0.0), "a")[1] == b"\x03doc\x05" + encode_bytes(b'{"version":1,"storage":"ok"}')


def test_PE5_the_hubs_own_change_is_broadcast_when_it_is_durable() -> None:
    live = open_doc()
    join(live, "a")

    def change(doc: Doc) -> str:
        doc.get("m", type=Map)["k"] = "v"
        return "done"

    result, token, effects = live.edit(change, user_id="teacher", now_ms=0.0)
    assert result == "done"
    assert [effect.user_id for effect in persisted(effects)] == ["teacher"]
    assert not broadcasts(effects)
    assert len(broadcasts(live.committed(token, 0.0))) == 1
    _, same, effects = live.edit(lambda doc: None, user_id=None, now_ms=0.0)
    assert (same, effects) == (token, [])


def test_PE6_a_refused_change_leaves_no_trace() -> None:
    live = open_doc()

    def refuse(doc: Doc) -> None:
        raise ContentError("no")

    with pytest.raises(ContentError):
        live.edit(refuse, user_id=None, now_ms=0.0)
    assert live.state() == EMPTY_UPDATE

    def break_off(doc: Doc) -> None:
        doc.get("m", type=Map)["k"] = "v"
        raise ContentError("too late")

    with pytest.raises(RuntimeError):
        live.edit(break_off, user_id=None, now_ms=0.0)
