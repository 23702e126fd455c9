"""Quizzes."""

from __future__ import annotations

from hub.access import Act
from hub.actions import quizzes
from hub.payloads import quizzes as payloads
from hub.payloads.operations import Download
from hub.payloads.twinspaces import TwinspaceRef
from hub.protocol.paths import API, RARE, TWINSPACE
from hub.table import WRITING, Announcement, Route

QUIZ = f"{API}/quizzes/{{quiz_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/quizzes", quizzes.list_quizzes, TwinspaceRef, payloads.Quizzes,
          "The quizzes that were opened, newest first; with `build` also those that are prepared.", Act.READ),
    Route("POST", f"{TWINSPACE}/quizzes", quizzes.prepare_quiz, payloads.PrepareQuiz, payloads.Quiz,
          "Prepare a quiz with all its questions.", Act.BUILD, status=201, limit=WRITING),
    Route("GET", QUIZ, quizzes.read_quiz, payloads.QuizRef, payloads.Quiz,
          "One quiz; one's own score after its end, with `build` the sums of the schools.", Act.READ),
    Route("DELETE", QUIZ, quizzes.remove_quiz, payloads.QuizRef, None,
          "Take away what is only prepared.", Act.BUILD, status=204, limit=WRITING),
    Route("POST", f"{QUIZ}/ask", quizzes.ask_in_quiz, payloads.AskInQuiz, payloads.Quiz,
          "Ask its next question in a meeting; the one before ends.", Act.BUILD, limit=WRITING),
    Route("POST", f"{QUIZ}/end", quizzes.end_quiz, payloads.QuizRef, payloads.Quiz,
          "End it: what was asked is summed up.", Act.BUILD, limit=WRITING),
    Route("GET", f"{QUIZ}/export", quizzes.export_quiz, payloads.QuizRef, Download,
          "A row for each school, for a spreadsheet; never one for a pupil.", Act.BUILD, limit=RARE),
)
ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("quiz:changed", payloads.QuizChanged,
                 "A quiz went on or ended; to those with `build` also: prepared, removed."),
)
