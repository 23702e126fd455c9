"""Reading rounds: what a class types at a time is taken, stored and sent together, and is told apart all the same."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from crdt_docs.effects import Broadcast, Effect, Send
from crdt_docs.engine import Engine
from crdt_docs.errors import EngineFailure, ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import Update
from tests.crdt_docs.editor import Editor, broadcasts, join, open_doc, persisted, receive, rejections, sent, text_of

ACKNOWLEDGED = b"\x03doc\x08\x01"


def a_class(count: int, limits: Limits | None = None) -> tuple[LiveDoc, list[Editor]]:
    live = open_doc(limits)
    for number in range(count):
        join(live, f"s{number}", user_id=f"user{number}")
    return live, [Editor(10 + number) for number in range(count)]


def test_SY9_a_round_is_one_broadcast_and_keeps_each_author() -> None:
    live, editors = a_class(3)
    for number, editor in enumerate(editors):
        assert live.gather(f"s{number}", editor.type(f"{number}"))
        assert live.gather(f"s{number}", editor.type("!"))
    effects = live.end_round(1_000.0)
    assert len(broadcasts(effects)) == 1
    assert [effect.user_id for effect in persisted(effects)] == ["user0", "user0", "user1", "user1", "user2", "user2"]
    assert [effect.writers for effect in persisted(effects)][::2] == [{10: "user0"}, {11: "user1"}, {12: "user2"}]
    assert sorted(text_of(live)) == sorted("0!1!2!")
    copy: Doc[object] = Doc()
    copy.apply_update(live.state())
    assert str(copy.get("t", type=Text)) == text_of(live)
    assert live.end_round(2_000.0) == []


def test_SY9_only_ordinary_typing_waits_for_the_end_of_a_round() -> None:
    live, (ana, eva) = a_class(2)
    receive(live, "s0", Update(ana.type("abc")), 0.0)
    assert not live.gather("s0", ana.delete(0, 1))
    assert not live.gather("s1", b"\x00") and not live.gather("nobody", eva.type("x"))
    stranger = Editor(10)
    assert not live.gather("s1", stranger.type("x")), "somebody else's client id"
    live.set_can_write("s1", False)
    assert not live.gather("s1", eva.type("x"))
    first, second = eva.type("1"), eva.type("2")
    live.set_can_write("s1", True)
    assert not live.gather("s1", second), "what it continues is missing"
    assert live.end_round(1.0) == [] and first


def test_SY9_what_comes_in_a_round_beside_typing_finds_all_before_it() -> None:
    live, (ana, eva) = a_class(2)
    assert live.gather("s0", ana.type("abc"))
    effects = live.receive("s0", Update(ana.delete(0, 1)), 1_000.0, more_follows=True)
    assert len(persisted(effects)) == 2 and not broadcasts(effects)
    assert live.gather("s1", eva.type("z"))
    assert live.disconnect("s1", 1_000.0) == []
    effects = live.end_round(1_000.0)
    assert [effect.user_id for effect in persisted(effects)] == ["user1"]
    assert len(broadcasts(effects)) == 1
    assert sorted(text_of(live)) == ["b", "c", "z"]


def test_SY9_a_document_that_takes_no_more_is_asked_in_the_ordinary_way() -> None:
    live, (ana,) = a_class(1, Limits(document_warn_bytes=60))
    assert live.gather("s0", ana.type("a"))
    assert not all(live.gather("s0", ana.type("a")) for _ in range(10))


def test_CN_what_the_engine_refuses_together_is_tried_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    live, (ana, eva) = a_class(2)
    apply, poison = Engine._run, b""

    def refuse(engine: Engine, update: bytes, session_id: str | None) -> None:
        if update == poison:
            raise ProtocolError("invalid", "the document engine can't read an update")
        apply(engine, update, session_id)

    monkeypatch.setattr(Engine, "_run", refuse)
    monkeypatch.setattr(Engine, "apply_expected", lambda engine, update: False)
    poison = ana.type("bad")
    assert live.gather("s0", poison) and live.gather("s1", eva.type("good"))
    effects = live.end_round(1_000.0)
    assert rejections(effects) == ["invalid"]
    assert [effect.user_id for effect in persisted(effects)] == ["user1"]
    assert text_of(live) == "good"


def test_CN_a_document_that_was_harmed_by_a_round_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    live, (ana,) = a_class(1)

    def harm(engine: Engine, update: bytes) -> bool:
        engine._doc.apply_update(update)
        return False

    monkeypatch.setattr(Engine, "apply_expected", harm)
    assert live.gather("s0", ana.type("a"))
    with pytest.raises(EngineFailure):
        live.end_round(1_000.0)


def order(effects: list[Effect], session_id: str) -> list[str]:
    """What one session is told, in order."""
    names = []
    for effect in effects:
        if isinstance(effect, Send) and effect.session_id == session_id:
            names.append("acknowledged" if effect.frame == ACKNOWLEDGED else "sent")
        elif isinstance(effect, Broadcast) and session_id in effect.session_ids:
            names.append("broadcast")
    return names


def test_PE9_in_a_class_an_acknowledgement_travels_with_the_next_broadcast() -> None:
    live, editors = a_class(3, Limits(busy_sessions=3, busy_tick_ms=25.0, acknowledge_within_ms=60.0))
    assert live.gather("s0", editors[0].type("a"))
    live.end_round(1_000.0)
    assert live.committed(live.last_token, 1_005.0) == []
    assert live.gather("s1", editors[1].type("b"))
    effects = live.end_round(1_030.0)
    assert order(effects, "s0") == ["acknowledged", "broadcast"]
    assert order(effects, "s1") == ["broadcast"]


def test_PE9_without_a_broadcast_it_goes_by_itself_before_long() -> None:
    live, editors = a_class(3, Limits(busy_sessions=3, acknowledge_within_ms=60.0))
    assert live.gather("s0", editors[0].type("a"))
    live.end_round(1_000.0)
    live.committed(live.last_token, 1_005.0)
    assert (deadline := live.next_deadline()) is not None and deadline <= 1_065.0
    assert live.handle_deadline(1_064.0) == []
    assert sent(live.handle_deadline(1_065.0), "s0") == [ACKNOWLEDGED]


def test_PE9_few_are_told_at_once() -> None:
    live, editors = a_class(2, Limits(busy_sessions=3))
    live.gather("s0", editors[0].type("a"))
    live.end_round(1_000.0)
    assert sent(live.committed(live.last_token, 1_005.0), "s0") == [ACKNOWLEDGED]
