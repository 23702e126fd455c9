"""Polls and quizzes."""

from __future__ import annotations

from hub.access import Act
from hub.actions import polls
from hub.payloads import polls as payloads
from hub.payloads.operations import Download
from hub.payloads.twinspaces import TwinspaceRef
from hub.protocol.paths import API, RARE, TWINSPACE
from hub.table import WRITING, Announcement, Route

POLL = f"{API}/polls/{{poll_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/polls", polls.list_polls, TwinspaceRef, payloads.Polls,
          "The polls that were opened, newest first; with `build` also those that are prepared.", Act.READ),
    Route("POST", f"{TWINSPACE}/polls", polls.prepare_poll, payloads.PreparePoll, payloads.Poll,
          "Prepare a poll or, with right answers, a quiz question.", Act.BUILD, status=201, limit=WRITING),
    Route("GET", POLL, polls.read_poll, payloads.PollRef, payloads.Poll,
          "One poll; figures and right answers are told after its end, before it to those with `build`.", Act.READ),
    Route("PUT", POLL, polls.change_poll, payloads.ChangePoll, payloads.Poll,
          "Change question and answers while it is only prepared.", Act.BUILD, limit=WRITING),
    Route("DELETE", POLL, polls.remove_poll, payloads.PollRef, None,
          "Take away what is only prepared.", Act.BUILD, status=204, limit=WRITING),
    Route("POST", f"{POLL}/open", polls.open_poll, payloads.OpenPoll, payloads.Poll,
          "Ask it in a meeting; its time begins.", Act.BUILD, limit=WRITING),
    Route("POST", f"{POLL}/end", polls.end_poll, payloads.PollRef, payloads.Poll,
          "End it now.", Act.BUILD, limit=WRITING),
    Route("PUT", f"{POLL}/vote", polls.vote_in_poll, payloads.Vote, payloads.Poll,
          "Answer, or answer otherwise, while it is open; a class seat says how many chose what.", Act.ANSWER,
          limit=WRITING),
    Route("GET", f"{POLL}/export", polls.export_poll, payloads.PollRef, Download,
          "What was chosen how often, and by whom unless it is anonymous, for a spreadsheet.", Act.BUILD, limit=RARE),
)
ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("poll:changed", payloads.PollChanged,
                 "A poll was opened or ended; to those with `build` also: prepared, changed, removed, answered."),
)
