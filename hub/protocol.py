"""THE table: every HTTP route, every Socket.IO event and every announcement of the hub, one row each.

The shells, the OpenAPI document, the client's types and the tests are made from it; PROTOCOL.md is compared with it. To
add a row, follow the recipe in CONTRIBUTING.md.
"""

from __future__ import annotations

from hub.access import Act, Duty
from hub.actions import (
    chat,
    consents,
    contents,
    forms,
    foundings,
    guests,
    journal,
    logins,
    operations,
    people,
    phases,
    places,
    pupils,
    recordings,
    registrations,
    rooms,
    snapshots,
    twinspaces,
    walls,
    whip,
)
from hub.payloads import authorship as authorship_payloads
from hub.payloads import chat as chat_payloads
from hub.payloads import consents as consent_payloads
from hub.payloads import contents as content_payloads
from hub.payloads import forms as form_payloads
from hub.payloads import foundings as founding_payloads
from hub.payloads import guests as guest_payloads
from hub.payloads import journal as journal_payloads
from hub.payloads import logins as login_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import people as people_payloads
from hub.payloads import phases as phase_payloads
from hub.payloads import places as place_payloads
from hub.payloads import pupils as pupil_payloads
from hub.payloads import recordings as recording_payloads
from hub.payloads import registrations as registration_payloads
from hub.payloads import rooms as room_payloads
from hub.payloads import snapshots as snapshot_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads import walls as wall_payloads
from hub.payloads.fields import Nothing
from hub.table import READING, WRITING, Announcement, Event, Limit, Route

# Open routes share one bucket: a whole school signs in at eight from one address, and strangers must not fill the hub.
SIGNING_IN = Limit(per_minute=1200, burst=200)
WATCHING = Limit(per_minute=6000, burst=600)
NEGOTIATING = Limit(per_minute=240, burst=60)
# One bucket for everybody here too: letters cost, and a flood of them would reach strangers.
REGISTERING = Limit(per_minute=60, burst=60)
RARE = Limit(per_minute=20, burst=10)

API = "/api/v1"
TWINSPACE = f"{API}/twinspaces/{{twinspace_id}}"
FOUNDING = f"{API}/foundings/{{twinspace_id}}"
CONTENT = f"{API}/contents/{{content_id}}"
WALL = f"{API}/walls/{{content_id}}"
FORM = f"{API}/forms/{{content_id}}"
RECORDING = f"{API}/rooms/{{room_id}}/recording"
SNAPSHOT = f"{API}/snapshots/{{snapshot_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", operations.read_health, None, operation_payloads.Health,
          "The process lives.", None, open=True, limit=WATCHING),
    Route("GET", "/readyz", operations.read_readiness, None, operation_payloads.Readiness,
          "The hub can serve: it can store, and the media process answers.", None, open=True, limit=WATCHING),
    Route("GET", "/metrics", operations.read_metrics, None, operation_payloads.Text,
          "Prometheus text, without names.", None, open=True, limit=WATCHING),
    Route("GET", f"{API}/openapi.json", operations.read_openapi, None, operation_payloads.Text,
          "The OpenAPI document of this table.", None, open=True, limit=WATCHING),

    Route("GET", f"{API}/countries", places.list_countries, None, place_payloads.Countries,
          "The countries of the network.", None, open=True, limit=WATCHING),
    Route("GET", f"{API}/countries/{{country}}/schools", places.list_schools, place_payloads.SchoolsOf,
          place_payloads.Schools, "The schools of a country that the hub knows.", None, open=True, limit=WATCHING),

    Route("POST", f"{API}/login", people.login, people_payloads.SignIn, people_payloads.User,
          "Sign in with name and password or with a class card; sets the cookie.", None, open=True, limit=SIGNING_IN),
    Route("POST", f"{API}/logout", people.logout, Nothing, None,
          "End this login and its sockets.", None, half=True, status=204),
    Route("GET", f"{API}/me", people.read_me, Nothing, people_payloads.User, "Who I am.", None, half=True),
    Route("PATCH", f"{API}/me", people.change_me, people_payloads.ChangeMe, people_payloads.User,
          "Choose the language of the interface.", None, half=True, limit=WRITING),
    Route("GET", f"{API}/me/logins", logins.list_logins, Nothing, login_payloads.Logins,
          "Where I am signed in.", None),
    Route("DELETE", f"{API}/me/logins/{{login_id}}", logins.revoke_login, login_payloads.LoginRef, None,
          "End one of my logins, and everything that is open through it.", None, status=204, limit=WRITING),
    Route("POST", f"{API}/me/logins/end_others", logins.revoke_other_logins, Nothing, None,
          "End every browser's login but this one.", None, status=204, limit=WRITING),
    Route("POST", f"{API}/me/second_factor", logins.start_second_factor, Nothing, login_payloads.NewSecondFactor,
          "Begin to set up one-time codes.", None, half=True, status=201, limit=RARE),
    Route("POST", f"{API}/me/second_factor/proof", logins.prove_second_factor, login_payloads.OneTimeCode,
          people_payloads.User, "Give a code: this login is whole from now on.", None, half=True, limit=WRITING),
    Route("DELETE", f"{API}/me/second_factor", logins.remove_second_factor, Nothing, people_payloads.User,
          "Do without a second factor.", None, limit=WRITING),

    Route("POST", f"{API}/registrations", registrations.register, registration_payloads.Register, None,
          "Register as a teacher; a letter goes to the address.", None, open=True, status=204, limit=REGISTERING),
    Route("POST", f"{API}/registrations/confirm", registrations.confirm, registration_payloads.ConfirmEmail,
          people_payloads.User, "Confirm the address with the letter's secret and the password; signs in.", None,
          open=True, limit=REGISTERING),
    Route("POST", f"{API}/password/forgotten", registrations.ask_for_password, registration_payloads.AskForPassword,
          None, "Ask for a letter that lets one choose a new password.", None, open=True, status=204,
          limit=REGISTERING),
    Route("POST", f"{API}/password", registrations.choose_password, registration_payloads.ChoosePassword, None,
          "Choose a new password with the letter's secret; everything signed in ends.", None, open=True, status=204,
          limit=REGISTERING),
    Route("GET", f"{API}/me/registration", registrations.read_my_registration, Nothing,
          registration_payloads.MyRegistration, "How my registration stands.", None),
    Route("GET", f"{API}/registrations", registrations.list_registrations, Nothing,
          registration_payloads.Registrations, "Teachers of my country or region who wait.", Duty.VALIDATE),
    Route("POST", f"{API}/registrations/{{user_id}}/decision", registrations.decide, registration_payloads.Decide,
          None, "Let a teacher in, or refuse with a reason.", Duty.VALIDATE, status=204, limit=WRITING),

    Route("GET", f"{API}/pupils", pupils.list_pupils, Nothing, pupil_payloads.Pupils,
          "The pupils of my school.", Duty.PUPILS),
    Route("POST", f"{API}/pupils", pupils.make_pupils, pupil_payloads.MakePupils, pupil_payloads.NewCards,
          "Make accounts for these first names; the keys are shown this once.", Duty.PUPILS, status=201, limit=RARE),
    Route("POST", f"{API}/pupils/class_cards", pupils.make_class_cards, pupil_payloads.MakeClassCards,
          pupil_payloads.NewCards, "New class cards; the old ones are dead.", Duty.PUPILS, limit=RARE),
    Route("POST", f"{API}/pupils/class_cards/print", pupils.print_class_cards, pupil_payloads.PrintCards,
          operation_payloads.Download, "These cards as a PDF to cut apart.", Duty.PUPILS, limit=RARE),
    Route("DELETE", f"{API}/pupils/{{user_id}}", pupils.close_pupil, pupil_payloads.PupilRef, None,
          "Close a pupil's account.", Duty.PUPILS, status=204, limit=WRITING),

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

    Route("GET", f"{TWINSPACE}/life", phases.read_life, twinspace_payloads.TwinspaceRef, phase_payloads.Life,
          "In which phase the project is, and what is missing for the next.", Act.READ),
    Route("POST", f"{TWINSPACE}/phase", phases.move_phase, phase_payloads.MovePhase, phase_payloads.Life,
          "Move the project on; everything is kept as it is at that moment.", Act.STEER, limit=RARE),
    Route("POST", f"{TWINSPACE}/reopening", phases.ask_reopening, phase_payloads.AskReopening, phase_payloads.Life,
          "Ask to open a closed project again; teachers of two schools have to.", Act.STEER, limit=RARE),

    Route("GET", f"{API}/me/consents", consents.read_own, Nothing, consent_payloads.OwnConsents,
          "What I may do in meetings, and what may be done with my picture and name.", None),
    Route("GET", f"{TWINSPACE}/consents", consents.read_sheet, twinspace_payloads.TwinspaceRef,
          consent_payloads.ConsentSheet, "The consents of my school's pupils.", Act.CONSENT),
    Route("POST", f"{TWINSPACE}/consents", consents.record_consents, consent_payloads.RecordConsents,
          consent_payloads.ConsentSheet, "Write down what was said for some pupils; a withdrawal acts at once.",
          Act.CONSENT, limit=WRITING),
    Route("GET", f"{TWINSPACE}/consents/{{user_id}}", consents.read_history, consent_payloads.ConsentRef,
          consent_payloads.ConsentHistory, "Everything that was written down for one pupil.", Act.CONSENT),

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

    Route("GET", f"{TWINSPACE}/contents", contents.list_contents, twinspace_payloads.TwinspaceRef,
          content_payloads.Contents, "The documents, walls and forms of a TwinSpace.", Act.READ),
    Route("POST", f"{TWINSPACE}/contents", contents.create_content, content_payloads.CreateContent,
          content_payloads.Content, "Make a document, a wall or a form.", Act.CREATE, status=201, limit=WRITING),
    Route("GET", CONTENT, contents.read_content, content_payloads.ContentRef, content_payloads.Content,
          "What a content is called and when it changed.", Act.READ),
    Route("GET", f"{CONTENT}/authorship", contents.read_authorship, content_payloads.ContentRef,
          authorship_payloads.WrittenContent, "Who wrote the text that is in a content.", Act.READ, limit=RARE),
    Route("PATCH", CONTENT, contents.rename_content, content_payloads.RenameContent, content_payloads.Content,
          "Give a content another title.", Act.CREATE, limit=WRITING),

    Route("GET", f"{TWINSPACE}/messages", chat.read_messages, chat_payloads.ReadMessages, chat_payloads.Messages,
          "Chat messages, oldest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/messages", chat.post_message, chat_payloads.PostMessage, chat_payloads.Message,
          "Post a chat message.", Act.CHAT, status=201, limit=WRITING),
    Route("GET", f"{TWINSPACE}/journal", journal.read_journal, journal_payloads.ReadJournal, journal_payloads.Entries,
          "What happened in the TwinSpace, newest first.", Act.READ),

    Route("GET", f"{TWINSPACE}/snapshots", snapshots.list_snapshots, twinspace_payloads.TwinspaceRef,
          snapshot_payloads.Snapshots, "The chain of snapshots, newest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/snapshots", snapshots.take_snapshot, snapshot_payloads.TakeSnapshot,
          snapshot_payloads.Snapshot, "Keep everything as it is now, under a name.", Act.SNAPSHOT, status=201,
          limit=RARE),
    Route("GET", SNAPSHOT, snapshots.read_snapshot, snapshot_payloads.SnapshotRef, snapshot_payloads.SnapshotDetail,
          "One snapshot and what it holds.", Act.READ),
    Route("GET", f"{SNAPSHOT}/contents/{{content_id}}", snapshots.read_snapshot_content,
          snapshot_payloads.SnapshotContentRef, snapshot_payloads.SnapshotContent, "A content as it was.", Act.READ),

    Route("POST", f"{WALL}/cards", walls.post_card, wall_payloads.PostCard, wall_payloads.Card,
          "Put a card on a wall.", Act.WRITE, status=201, limit=WRITING),
    Route("PATCH", f"{WALL}/cards/{{card_id}}", walls.change_card, wall_payloads.ChangeCard, wall_payloads.Card,
          "Change a card: one's own, or any with `moderate`.", Act.WRITE, limit=WRITING),
    Route("POST", f"{WALL}/cards/{{card_id}}/move", walls.move_card, wall_payloads.MoveCard, wall_payloads.Card,
          "Put a card in another place: one's own, or any with `moderate`.", Act.WRITE, limit=WRITING),
    Route("DELETE", f"{WALL}/cards/{{card_id}}", walls.remove_card, wall_payloads.CardRef, None,
          "Take a card off: one's own, or any with `moderate`.", Act.WRITE, status=204, limit=WRITING),

    Route("POST", f"{FORM}/versions", forms.publish_form, content_payloads.ContentRef, form_payloads.Form,
          "Freeze what the builder shows as the next version, open for answers.", Act.BUILD, status=201, limit=RARE),
    Route("GET", FORM, forms.read_form, content_payloads.ContentRef, form_payloads.Form,
          "The latest version and my answers.", Act.READ),
    Route("PUT", f"{FORM}/response", forms.answer_form, form_payloads.AnswerForm, form_payloads.Answered,
          "Give or replace my answers.", Act.ANSWER, limit=WRITING),
    Route("GET", f"{FORM}/results", forms.read_results, content_payloads.ContentRef, form_payloads.Results,
          "The answers counted, by school.", Act.BUILD),

    Route("GET", f"{TWINSPACE}/rooms", rooms.list_rooms, twinspace_payloads.TwinspaceRef, room_payloads.Rooms,
          "The rooms of a TwinSpace, and how many meet there.", Act.READ),
    Route("GET", f"{API}/rooms/{{room_id}}/peers", rooms.list_peers, room_payloads.RoomRef, room_payloads.Peers,
          "Who publishes in a room.", Act.MEET),
    Route("GET", RECORDING, recordings.read_recording_state, room_payloads.RoomRef, recording_payloads.RecordingState,
          "Whether the meeting is recorded, and who is in it.", Act.MEET),
    Route("POST", RECORDING, recordings.start_recording, recording_payloads.StartRecording,
          recording_payloads.RecordingState, "Record the meeting: everybody in it who agrees, and nobody else.",
          Act.RECORD, status=201, limit=RARE),
    Route("DELETE", RECORDING, recordings.stop_recording, room_payloads.RoomRef, None,
          "End the recording; what was recorded is kept.", Act.RECORD, status=204, limit=RARE),
    Route("PUT", f"{RECORDING}/me", recordings.choose_recording, recording_payloads.ChooseRecording,
          recording_payloads.RecordingState, "Say whether I am in this recording.", Act.MEET, limit=WRITING),
    Route("GET", f"{TWINSPACE}/recordings", recordings.list_recordings, twinspace_payloads.TwinspaceRef,
          recording_payloads.Recordings, "What was recorded, newest first.", Act.RECORDINGS),
    Route("GET", f"{TWINSPACE}/recordings/{{recording_id}}/files/{{file_id}}", recordings.fetch_recorded_file,
          recording_payloads.RecordedFileRef, operation_payloads.StoredFile,
          "One person's file of a recording; byte ranges are possible.", Act.RECORDINGS),
    Route("DELETE", f"{TWINSPACE}/recordings/{{recording_id}}", recordings.erase_recording,
          recording_payloads.RecordingRef, None, "Erase a recording with its files.", Act.RECORDINGS, status=204,
          limit=WRITING),
    Route("GET", f"{API}/rooms/{{room_id}}/lines", rooms.list_lines, room_payloads.RoomRef, room_payloads.PeerLines,
          "Whose line is weak, and in which direction.", Act.MODERATE),
    Route("POST", "/whip/{room_id}", whip.start_publishing, room_payloads.WhipOffer, room_payloads.SdpAnswer,
          "Publish with any WHIP client (RFC 9725).", Act.MEET, body="sdp", status=201, limit=NEGOTIATING),
    Route("PATCH", "/whip/{room_id}/{peer_id}", whip.change_publishing, room_payloads.WhipPatch,
          room_payloads.IceChanged, "Add candidates to that publisher, or restart its ICE.", Act.MEET, body="sdpfrag",
          limit=NEGOTIATING),
    Route("DELETE", "/whip/{room_id}/{peer_id}", whip.stop_publishing, room_payloads.WhipRef, None,
          "End that publisher.", Act.MEET, limit=NEGOTIATING),
    Route("POST", "/whep/{room_id}/{peer_id}", whip.start_watching, room_payloads.WhepOffer, room_payloads.SdpAnswer,
          "Watch one or several publishers with any WHEP client.", Act.MEET, body="sdp", status=201, limit=NEGOTIATING),
    Route("PATCH", "/whep/{room_id}/{peer_id}/{viewer_id}", whip.change_watching, room_payloads.WhepPatch,
          room_payloads.IceChanged, "Add candidates to that viewer, or restart its ICE.", Act.MEET, body="sdpfrag",
          limit=NEGOTIATING),
    Route("DELETE", "/whep/{room_id}/{peer_id}/{viewer_id}", whip.stop_watching, room_payloads.WhepRef, None,
          "End that viewer.", Act.MEET, limit=NEGOTIATING),
)

EVENTS: tuple[Event, ...] = (
    Event("twinspace:enter", twinspaces.enter, twinspace_payloads.TwinspaceRef, twinspace_payloads.Entered,
          "From now on the TwinSpace's announcements come.", Act.READ),
    Event("twinspace:leave", twinspaces.leave, twinspace_payloads.TwinspaceRef, None, "They stop coming.", None),
    Event("chat:post", chat.post_message, chat_payloads.PostMessageEvent, chat_payloads.Message,
          "Post a chat message; the same client_message_id again is answered with the stored one.", Act.CHAT),
    Event("chat:since", chat.read_messages_since, chat_payloads.MessagesSince, chat_payloads.Messages,
          "The messages after this number, at most 200.", Act.READ, limit=READING),
    Event("room:join", rooms.join, room_payloads.JoinRoom, room_payloads.Joined,
          "Come into a meeting, or back into one after a lost connection.", Act.MEET, limit=NEGOTIATING),
    Event("room:leave", rooms.leave, room_payloads.RoomRef, None, "Leave the meeting.", None),
    Event("room:publish", rooms.publish, room_payloads.Publish, room_payloads.Published,
          "Offer what one sends; also renegotiation and ICE restart.", Act.MEET, limit=NEGOTIATING),
    Event("room:subscribe", rooms.subscribe, room_payloads.Subscribe, room_payloads.Subscribed,
          "Offer what one wants to receive; also renegotiation and ICE restart.", Act.MEET, limit=NEGOTIATING),
    Event("room:prefer", rooms.prefer, room_payloads.Prefer, None,
          "Say how large one shows the tracks one watches, and which not at all.", Act.MEET),
    Event("room:mute", rooms.mute, room_payloads.Mute, None, "Mute or unmute a track.", Act.MEET),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("member:online", twinspace_payloads.Presence, "Somebody came into the TwinSpace."),
    Announcement("member:offline", twinspace_payloads.Presence, "Somebody's last window on the TwinSpace is closed."),
    Announcement("member:changed", twinspace_payloads.MemberChanged, "Somebody who is here has another role now."),
    Announcement("founding:changed", founding_payloads.FoundingChanged,
                 "A project that one founds was changed, signed, approved or sent back; told to its founders."),
    Announcement("phase:changed", phase_payloads.PhaseChanged, "The project is in another phase."),
    Announcement("consent:changed", consent_payloads.ConsentChanged, "What one consents to is another; told to them."),
    Announcement("chat:posted", chat_payloads.Message, "A chat message was posted."),
    Announcement("content:created", content_payloads.Content, "A document, wall or form was made."),
    Announcement("content:changed", content_payloads.Content,
                 "A content has another title, or somebody edits it: told at most once a minute."),
    Announcement("form:published", form_payloads.FormPublished, "A version of a form is open for answers."),
    Announcement("form:answered", form_payloads.FormAnswered, "Somebody answered a form."),
    Announcement("snapshot:taken", snapshot_payloads.Snapshot, "Everything was kept under a name."),
    Announcement("journal:recorded", journal_payloads.RecordedEntry, "Something was written into the journal."),
    Announcement("room:counted", room_payloads.RoomCounted,
                 "How many are in a room now; told to the whole TwinSpace."),
    Announcement("room:recording", recording_payloads.RecordingState,
                 "A recording began or ended, or another one is in it; told to the room and to the whole TwinSpace."),
    Announcement("room:peer_joined", room_payloads.PeerJoined, "Somebody came into the meeting."),
    Announcement("room:peer_left", room_payloads.PeerLeft, "Somebody left the meeting."),
    Announcement("room:published", room_payloads.TrackAnnounced, "A peer sends a new track."),
    Announcement("room:unpublished", room_payloads.TrackAnnounced, "A track ended."),
    Announcement("room:muted", room_payloads.TrackAnnounced, "A track was muted or unmuted."),
    Announcement("room:line", room_payloads.LineTold,
                 "What this viewer's line, or the size of the meeting, keeps from it now."),
    Announcement("room:speaker", room_payloads.SpeakerTold, "Somebody else has the floor."),
    Announcement("room:reset", room_payloads.RoomReset, "The media process came back empty: join and publish again."),
    Announcement("account:changed", people_payloads.User, "What I may do has changed: told to me alone."),
    Announcement("room:closing", room_payloads.RoomClosing,
                 "The hub ends; join and publish again when the socket is back."),
    Announcement("session:ended", twinspace_payloads.SessionEnded, "This socket ends now, and why."),
)
# fmt: on
