"""Safety of minors: reports, hidden things, mutes, the moderation log."""

from __future__ import annotations

from hub.access import Act
from hub.actions import reports, safety
from hub.payloads import safety as payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE, TWINSPACE
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{TWINSPACE}/reports", reports.report, payloads.ReportSomething, payloads.Reported,
          "Tell the teachers about something or somebody.", Act.REPORT, status=201, limit=RARE),
    Route("GET", f"{TWINSPACE}/moderation", safety.read_moderation, twinspace_payloads.TwinspaceRef,
          payloads.Moderation, "What was reported, what is hidden, who is muted.", Act.PROTECT),
    Route("GET", f"{API}/me/open_reports", reports.read_open_reports, Nothing, payloads.MyOpenReports,
          "In which of my TwinSpaces reports wait for an answer.", None),
    Route("POST", f"{TWINSPACE}/reports/{{report_id}}/claim", reports.claim_report, payloads.ReportRef,
          payloads.Reported, "Take care of a report; the other teachers see who does.", Act.PROTECT, limit=WRITING),
    Route("POST", f"{TWINSPACE}/reports/{{report_id}}/answer", reports.answer_report, payloads.AnswerReport,
          payloads.Reported, "Say that a report is dealt with.", Act.PROTECT, limit=WRITING),
    Route("POST", f"{TWINSPACE}/hidden", safety.hide, payloads.Hide, None,
          "Hide a thing everywhere; it is kept until it is decided what becomes of it.", Act.PROTECT, status=204,
          limit=WRITING),
    Route("DELETE", f"{TWINSPACE}/hidden/{{kind}}/{{subject_id}}", safety.show, payloads.Subject, None,
          "Show a hidden thing again.", Act.PROTECT, status=204, limit=WRITING),
    Route("DELETE", f"{TWINSPACE}/erased/{{kind}}/{{subject_id}}", safety.erase, payloads.Subject, None,
          "Erase a hidden thing for good, from everything that holds it.", Act.PROTECT, status=204, limit=RARE),
    Route("PUT", f"{TWINSPACE}/members/{{user_id}}/mute", safety.mute, payloads.Mute, None,
          "Take chat, writing or speaking from a member for a while.", Act.PROTECT, status=204, limit=WRITING),
    Route("DELETE", f"{TWINSPACE}/members/{{user_id}}/mute", safety.unmute, payloads.ProtectedFrom, None,
          "Give it back.", Act.PROTECT, status=204, limit=WRITING),
    Route("POST", f"{TWINSPACE}/members/{{user_id}}/removal", safety.remove, payloads.Remove, None,
          "Send somebody out of the TwinSpace.", Act.PROTECT, status=204, limit=WRITING),
    Route("GET", f"{TWINSPACE}/my_mute", safety.read_own_mute, twinspace_payloads.TwinspaceRef, payloads.OwnMute,
          "What a teacher took from me for a while.", Act.READ),
    Route("GET", f"{TWINSPACE}/moderation/log", safety.read_log, payloads.ReadLog, payloads.Log,
          "What was done with authority here, newest first.", Act.PROTECT),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("report:changed", payloads.ReportChanged,
                 "Something was reported, claimed or answered; told to each teacher who may see it."),
    Announcement("report:answered", payloads.ReportChanged, "What I reported is dealt with; told to me alone."),
    Announcement("subject:changed", payloads.SubjectChanged, "A thing is hidden, or shown again."),
)
# fmt: on
