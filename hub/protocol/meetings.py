"""Rooms, recordings, and the doors of WHIP and WHEP."""

from __future__ import annotations

from hub.access import Act
from hub.actions import recordings, rooms, whip
from hub.payloads import operations as operation_payloads
from hub.payloads import recordings as recording_payloads
from hub.payloads import room_keys as key_payloads
from hub.payloads import rooms as room_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import API, NEGOTIATING, RARE, RECORDING, TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/rooms", rooms.list_rooms, twinspace_payloads.TwinspaceRef, room_payloads.Rooms,
          "The rooms of a TwinSpace, and how many meet there.", Act.READ),
    Route("GET", f"{API}/rooms/{{room_id}}/peers", rooms.list_peers, room_payloads.RoomRef, room_payloads.Peers,
          "Who publishes in a room.", Act.MEET),
    Route("PATCH", f"{API}/rooms/{{room_id}}", rooms.change_room, key_payloads.ChangeRoom, room_payloads.Room,
          "Switch end-to-end encryption of a room's meetings on or off, while nobody is in it.", Act.MODERATE,
          limit=RARE),
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
    Event("room:join", rooms.join, room_payloads.JoinRoom, room_payloads.Joined,
          "Come into a meeting, or back into one after a lost connection.", Act.MEET, limit=NEGOTIATING),
    Event("room:leave", rooms.leave, room_payloads.RoomRef, None, "Leave the meeting.", None),
    Event("room:publish", rooms.publish, room_payloads.Publish, room_payloads.Published,
          "Offer what one sends; also renegotiation and ICE restart.", Act.MEET, limit=NEGOTIATING),
    Event("room:subscribe", rooms.subscribe, room_payloads.Subscribe, room_payloads.Subscribed,
          "Offer what one wants to receive; also renegotiation and ICE restart.", Act.MEET, limit=NEGOTIATING),
    Event("room:keys", rooms.send_keys, key_payloads.SendKeys, None,
          "Pass keys of an encrypted meeting on to others, or ask for theirs; the hub can't read them.", Act.MEET),
    Event("room:prefer", rooms.prefer, room_payloads.Prefer, None,
          "Say how large one shows the tracks one watches, and which not at all.", Act.MEET),
    Event("room:mute", rooms.mute, room_payloads.Mute, None, "Mute or unmute a track.", Act.MEET),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("room:counted", room_payloads.RoomCounted,
                 "How many are in a room now; told to the whole TwinSpace."),
    Announcement("room:changed", key_payloads.RoomChanged,
                 "Its meetings are encrypted end to end from now on, or no longer; told to the whole TwinSpace."),
    Announcement("room:key", key_payloads.KeyTold,
                 "A peer's key, sealed for this one; null asks for the key of who is told."),
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
    Announcement("room:closing", room_payloads.RoomClosing,
                 "The hub ends; join and publish again when the socket is back."),
)
# fmt: on
