"""Rubrics, and what is assessed by them."""

from __future__ import annotations

from hub.access import Act
from hub.actions import assessments, rubric_talk, rubrics
from hub.payloads import assessments as assessment_payloads
from hub.payloads import contents as content_payloads
from hub.payloads import rubrics as rubric_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads import walls as wall_payloads
from hub.protocol.paths import API, RARE, RUBRIC, TWINSPACE
from hub.table import WRITING, Announcement, Limit, Route

ASSESSMENT = f"{API}/assessments/{{assessment_id}}"
THINKING = Limit(per_minute=240, burst=60)
"""What one says is kept while one thinks."""

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", RUBRIC, rubrics.read_rubric, content_payloads.ContentRef, rubric_payloads.Rubric,
          "A rubric, its versions, and whose word is missing to seal it.", Act.READ),
    Route("PUT", f"{RUBRIC}/signature", rubrics.sign_rubric, rubric_payloads.SignRubric, rubric_payloads.Rubric,
          "Say for my school that the rubric may be sealed; the last school's word seals it.", Act.BUILD,
          limit=WRITING),
    Route("POST", f"{RUBRIC}/comments", rubric_talk.comment_rubric, rubric_payloads.PostRubricComment,
          wall_payloads.Comment, "Comment on a criterion while it is negotiated; a pupil's comment waits.", Act.WRITE,
          status=201, limit=WRITING),
    Route("POST", f"{RUBRIC}/versions", rubrics.begin_version, content_payloads.ContentRef, content_payloads.Content,
          "Begin the next version with what is sealed here; twice is once.", Act.CREATE, status=201, limit=RARE),
    Route("GET", f"{TWINSPACE}/assessments", assessments.list_assessments, twinspace_payloads.TwinspaceRef,
          assessment_payloads.AssessmentLines, "What I assess, what is assessed of mine, and of my school's pupils.",
          Act.READ),
    Route("POST", f"{RUBRIC}/assessments", assessments.begin_assessment, assessment_payloads.BeginAssessment,
          assessment_payloads.AssessmentDetail, "Have somebody's work assessed by this rubric.", Act.BUILD, status=201,
          limit=WRITING),
    Route("GET", ASSESSMENT, assessments.read_assessment, assessment_payloads.AssessmentRef,
          assessment_payloads.AssessmentDetail, "What I say, and once all are in, what the others said.", Act.READ),
    Route("PUT", f"{ASSESSMENT}/rating", assessments.rate, assessment_payloads.Rate,
          assessment_payloads.AssessmentDetail, "Keep what I say, or send it; until all of it is shown.", Act.ANSWER,
          limit=THINKING),
    Route("PUT", f"{ASSESSMENT}/reveal", assessments.move_reveal, assessment_payloads.MoveReveal,
          assessment_payloads.AssessmentDetail, "Move the day on which all of it is shown, or show it now.", Act.AGREE,
          limit=WRITING),
    Route("DELETE", ASSESSMENT, assessments.remove_assessment, assessment_payloads.AssessmentRef, None,
          "Take an assessment back, with all that was said in it.", Act.BUILD, status=204, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("rubric:signed", rubric_payloads.RubricChanged,
                 "A school gave its word for a rubric, or it was sealed."),
    Announcement("rubric:talk", rubric_payloads.TalkBegun,
                 "Somebody said the first word to a rubric; its talk can be opened."),
    Announcement("assessment:changed", assessment_payloads.AssessmentChanged,
                 "An assessment was begun, sent to, shown or taken back; told to those whose business it is."),
)
# fmt: on
