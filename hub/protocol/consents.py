"""The consent ledger."""

from __future__ import annotations

from hub.access import Act
from hub.actions import consents
from hub.payloads import consents as consent_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, TWINSPACE
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/me/consents/withdrawal", consents.withdraw_own, consent_payloads.WithdrawConsents,
          consent_payloads.OwnConsents, "Take back what I have consented to myself.", None, limit=WRITING),
    Route("GET", f"{API}/me/consents", consents.read_own, Nothing, consent_payloads.OwnConsents,
          "What I may do in meetings, and what may be done with my picture and name.", None),
    Route("GET", f"{TWINSPACE}/consents", consents.read_sheet, twinspace_payloads.TwinspaceRef,
          consent_payloads.ConsentSheet, "The consents of my school's pupils.", Act.CONSENT),
    Route("POST", f"{TWINSPACE}/consents", consents.record_consents, consent_payloads.RecordConsents,
          consent_payloads.ConsentSheet, "Write down what was said for some pupils; a withdrawal acts at once.",
          Act.CONSENT, limit=WRITING),
    Route("GET", f"{TWINSPACE}/consents/{{user_id}}", consents.read_history, consent_payloads.ConsentRef,
          consent_payloads.ConsentHistory, "Everything that was written down for one pupil.", Act.CONSENT),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("consent:changed", consent_payloads.ConsentChanged, "What one consents to is another; told to them."),
)
# fmt: on
