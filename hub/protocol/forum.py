"""Forum and debates."""

from __future__ import annotations

from hub.access import Act, Duty
from hub.actions import debates, forum
from hub.payloads import debates as debate_payloads
from hub.payloads import forum as forum_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE, TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

THREAD = f"{API}/threads/{{thread_id}}"
POST = f"{THREAD}/posts/{{seq}}"
DEBATE = f"{API}/debates/{{debate_id}}"
TURN = f"{DEBATE}/turns/{{seq}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/threads", forum.list_twinspace_threads, forum_payloads.ListTwinspaceThreads,
          forum_payloads.Threads, "The forum of a TwinSpace: pinned threads first, then the liveliest.", Act.READ),
    Route("POST", f"{TWINSPACE}/threads", forum.start_twinspace_thread, forum_payloads.StartTwinspaceThread,
          forum_payloads.ThreadPage, "Begin a thread.", Act.CHAT, status=201, limit=RARE),
    Route("GET", f"{API}/threads", forum.list_threads, forum_payloads.ListThreads, forum_payloads.Threads,
          "The teachers' forum.", Duty.NETWORK),
    Route("POST", f"{API}/threads", forum.start_thread, forum_payloads.StartThread, forum_payloads.ThreadPage,
          "Begin a thread there.", Duty.NETWORK, status=201, limit=RARE),
    Route("GET", f"{API}/me/threads", forum.list_followed_threads, Nothing, forum_payloads.Threads,
          "The threads that I follow.", None),
    # Who may do what with a thread is decided by the place where it stands.
    Route("GET", THREAD, forum.read_thread, forum_payloads.ReadThread, forum_payloads.ThreadPage,
          "A thread and its posts.", None),
    Route("PATCH", THREAD, forum.set_thread, forum_payloads.SetThread, forum_payloads.Thread,
          "Pin or close it: `moderate`, at large `support`.", None, limit=WRITING),
    Route("PUT", f"{THREAD}/follow", forum.follow_thread, forum_payloads.FollowThread, None,
          "Follow it, or no more.", None, status=204, limit=WRITING),
    Route("POST", f"{THREAD}/posts", forum.write_post, forum_payloads.WritePost, forum_payloads.Post,
          "Answer in it: `chat`, at large `network`.", None, status=201, limit=WRITING),
    Route("PATCH", POST, forum.edit_post, forum_payloads.EditPost, forum_payloads.Post,
          "Change one's own post within half an hour.", None, limit=WRITING),
    Route("DELETE", POST, forum.remove_post, forum_payloads.PostRef, None,
          "Remove a post: one's own, or any; with the first one the thread goes.", None, status=204, limit=WRITING),
    Route("POST", f"{POST}/report", forum.report_post, forum_payloads.ReportPost, None,
          "Bring a post of the teachers' forum before the support service.", None, status=204, limit=RARE),
    Route("GET", f"{POST}/versions", forum.list_versions, forum_payloads.PostRef, forum_payloads.PostVersions,
          "What a post said before: one's own, or any.", None),

    Route("GET", f"{TWINSPACE}/debates", debates.list_debates, twinspace_payloads.TwinspaceRef,
          debate_payloads.Debates, "The debates of a TwinSpace, newest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/debates", debates.open_debate, debate_payloads.OpenDebate, debate_payloads.Debate,
          "Put a motion; the first vote opens.", Act.BUILD, status=201, limit=RARE),
    Route("GET", DEBATE, debates.read_debate, debate_payloads.DebateRef, debate_payloads.Debate,
          "One debate, by the hub's clock.", Act.READ),
    Route("POST", f"{DEBATE}/state", debates.move_debate, debate_payloads.MoveDebate, debate_payloads.Debate,
          "Move it on one step.", Act.BUILD, limit=WRITING),
    Route("PUT", f"{DEBATE}/vote", debates.cast_vote, debate_payloads.CastVote, debate_payloads.Debate,
          "Vote, or vote otherwise, while the vote is open.", Act.ANSWER, limit=WRITING),
    Route("POST", f"{DEBATE}/turns", debates.ask_turn, debate_payloads.AskTurn, debate_payloads.Debate,
          "Wait for a turn on one side.", Act.ANSWER, status=201, limit=WRITING),
    Route("DELETE", TURN, debates.drop_turn, debate_payloads.TurnRef, None,
          "Wait no longer: one's own turn, or any with `build`.", Act.ANSWER, status=204, limit=WRITING),
    Route("POST", f"{TURN}/start", debates.start_turn, debate_payloads.TurnRef, debate_payloads.Debate,
          "Give somebody the floor; the clock runs.", Act.BUILD, limit=WRITING),
    Route("POST", f"{TURN}/end", debates.end_turn, debate_payloads.TurnRef, debate_payloads.Debate,
          "End one's own turn, or any with `build`.", Act.ANSWER, limit=WRITING),
)

EVENTS: tuple[Event, ...] = ()

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("thread:changed", forum_payloads.ThreadChanged,
                 "Something is new in a thread; told to the TwinSpace, at large to those who follow it."),
    Announcement("debate:changed", debate_payloads.DebateChanged, "A debate goes on: read it again."),
)
# fmt: on
