"""A TwinSpace, its members and its guests."""

from __future__ import annotations

from hub.access import Act
from hub.actions import guests, people, pupils, twinspaces
from hub.payloads import guests as guest_payloads
from hub.payloads import people as people_payloads
from hub.payloads import pupils as pupil_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE, REGISTERING, TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{API}/twinspaces", twinspaces.list_twinspaces, Nothing, twinspace_payloads.Twinspaces,
          "The TwinSpaces I am a member of.", None),
    Route("GET", TWINSPACE, twinspaces.read_twinspace, twinspace_payloads.TwinspaceRef,
          twinspace_payloads.TwinspaceDetail, "One TwinSpace with its members and rooms.", Act.READ),
    Route("POST", f"{TWINSPACE}/members/{{user_id}}/class_card", people.make_class_card, people_payloads.MakeClassCard,
          people_payloads.ClassCard, "A new class card for a pupil of my school; the old one is dead.", Act.MODERATE,
          limit=WRITING),
    Route("POST", f"{TWINSPACE}/members", pupils.add_pupils, pupil_payloads.AddPupils, None,
          "Bring in pupils of my school, or give them another role.", Act.INVITE, status=204, limit=WRITING),
    Route("DELETE", f"{TWINSPACE}/members/{{user_id}}", pupils.remove_pupil, pupil_payloads.MemberRef, None,
          "Send a pupil of my school out.", Act.INVITE, status=204, limit=WRITING),
    Route("GET", f"{TWINSPACE}/guest_links", guests.list_guest_links, twinspace_payloads.TwinspaceRef,
          guest_payloads.GuestLinks, "The links for guests, and who came by each.", Act.INVITE),
    Route("POST", f"{TWINSPACE}/guest_links", guests.make_guest_link, guest_payloads.MakeGuestLink,
          guest_payloads.NewGuestLink, "A link for guests; it is shown this once.", Act.INVITE, status=201, limit=RARE),
    Route("DELETE", f"{TWINSPACE}/guest_links/{{link_id}}", guests.revoke_guest_link, guest_payloads.GuestLinkRef, None,
          "Revoke a link; everybody who came by it is sent away.", Act.INVITE, status=204, limit=WRITING),
    Route("POST", f"{TWINSPACE}/guests/{{user_id}}", guests.admit_guest, guest_payloads.GuestRef, None,
          "Let a guest in who waits.", Act.INVITE, status=204, limit=WRITING),
    Route("DELETE", f"{TWINSPACE}/guests/{{user_id}}", guests.send_guest_away, guest_payloads.GuestRef, None,
          "Send a guest away.", Act.INVITE, status=204, limit=WRITING),
    Route("POST", f"{API}/guests", guests.come_as_guest, guest_payloads.ComeAsGuest, people_payloads.User,
          "Ask to come in by a guest link; signs in, to wait.", None, open=True, limit=REGISTERING),
)

EVENTS: tuple[Event, ...] = (
    Event("twinspace:enter", twinspaces.enter, twinspace_payloads.TwinspaceRef, twinspace_payloads.Entered,
          "From now on the TwinSpace's announcements come.", Act.READ),
    Event("twinspace:leave", twinspaces.leave, twinspace_payloads.TwinspaceRef, None, "They stop coming.", None),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("member:online", twinspace_payloads.Presence, "Somebody came into the TwinSpace."),
    Announcement("member:offline", twinspace_payloads.Presence, "Somebody's last window on the TwinSpace is closed."),
    Announcement("member:changed", twinspace_payloads.MemberChanged, "Somebody who is here has another role now."),
    Announcement("session:ended", twinspace_payloads.SessionEnded, "This socket ends now, and why."),
)
# fmt: on
