"""Agreeing on a project, and the steps of its life."""

from __future__ import annotations

from hub.access import Act, Duty
from hub.actions import foundings, phases, successions
from hub.payloads import foundings as founding_payloads
from hub.payloads import phases as phase_payloads
from hub.payloads import successions as succession_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, FOUNDING, RARE, TWINSPACE
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{API}/foundings", foundings.list_foundings, Nothing, founding_payloads.Foundings,
          "The projects I found; for a national service those that wait for it.", None),
    Route("POST", f"{API}/foundings", foundings.propose_founding, founding_payloads.ProposeFounding,
          founding_payloads.Founding, "Propose a project to a teacher of another school.", Duty.FOUND, status=201,
          limit=RARE),
    Route("GET", FOUNDING, foundings.read_founding, founding_payloads.FoundingRef, founding_payloads.Founding,
          "The plan, the agreement as it is now, its signatures and what the national services said.", None),
    Route("PATCH", FOUNDING, foundings.change_founding, founding_payloads.ChangeFounding, founding_payloads.Founding,
          "Change the plan; who signed has to sign again.", None, limit=WRITING),
    Route("DELETE", FOUNDING, foundings.withdraw_founding, founding_payloads.FoundingRef, None,
          "Take a proposal back, or decline it, before its TwinSpace opens.", None, status=204, limit=WRITING),
    Route("POST", f"{FOUNDING}/signature", foundings.sign_founding, founding_payloads.SignFounding,
          founding_payloads.Founding, "Sign the agreement as one has read it; with both signatures it opens.",
          None, limit=WRITING),
    Route("POST", f"{FOUNDING}/verdict", foundings.decide_founding, founding_payloads.DecideFounding,
          founding_payloads.Founding, "Approve what both signed, or send it back with a reason.", None, limit=WRITING),
    Route("GET", f"{API}/successions", successions.list_successions, Nothing, succession_payloads.Successions,
          "Where somebody is to follow a founder: what concerns me; for a support service its country's.", None),
    Route("POST", f"{FOUNDING}/successions", successions.propose_succession, succession_payloads.ProposeSuccession,
          succession_payloads.Succession, "Propose who follows a founder that leaves.", None, status=201, limit=RARE),
    Route("POST", f"{FOUNDING}/successions/{{succession_id}}/agreement", successions.agree_to_succession,
          succession_payloads.SuccessionRef, succession_payloads.Succession,
          "Agree that somebody follows a founder.", None, limit=WRITING),
    Route("POST", f"{FOUNDING}/successions/{{succession_id}}/end", successions.end_succession,
          succession_payloads.EndSuccession, succession_payloads.Succession,
          "Decline it or take it back; stop it, as the support service, with a reason.", None, limit=WRITING),
    Route("GET", f"{TWINSPACE}/life", phases.read_life, twinspace_payloads.TwinspaceRef, phase_payloads.Life,
          "In which phase the project is, and what is missing for the next.", Act.READ),
    Route("POST", f"{TWINSPACE}/phase", phases.move_phase, phase_payloads.MovePhase, phase_payloads.Life,
          "Move the project on; everything is kept as it is at that moment.", Act.STEER, limit=RARE),
    Route("POST", f"{TWINSPACE}/reopening", phases.ask_reopening, phase_payloads.AskReopening, phase_payloads.Life,
          "Ask to open a closed project again; teachers of two schools have to.", Act.STEER, limit=RARE),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("founding:changed", founding_payloads.FoundingChanged,
                 "A project that one founds was changed, signed, approved or sent back; told to its founders."),
    Announcement("phase:changed", phase_payloads.PhaseChanged, "The project is in another phase."),
)
# fmt: on
