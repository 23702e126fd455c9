"""Rubrics, and what is assessed by them."""

from __future__ import annotations

from hub.access import Act
from hub.actions import rubrics
from hub.payloads import contents as content_payloads
from hub.payloads import rubrics as rubric_payloads
from hub.protocol.paths import RARE, RUBRIC
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", RUBRIC, rubrics.read_rubric, content_payloads.ContentRef, rubric_payloads.Rubric,
          "A rubric, its versions, and whose word is missing to seal it.", Act.READ),
    Route("PUT", f"{RUBRIC}/signature", rubrics.sign_rubric, rubric_payloads.SignRubric, rubric_payloads.Rubric,
          "Say for my school that the rubric may be sealed; the last school's word seals it.", Act.BUILD,
          limit=WRITING),
    Route("POST", f"{RUBRIC}/versions", rubrics.begin_version, content_payloads.ContentRef, content_payloads.Content,
          "Begin the next version with what is sealed here; twice is once.", Act.CREATE, status=201, limit=RARE),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("rubric:signed", rubric_payloads.RubricChanged,
                 "A school gave its word for a rubric, or it was sealed."),
)
# fmt: on
