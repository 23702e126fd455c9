"""Meeting: join, publish, watch, mute, leave."""

from __future__ import annotations

from hub.access import Access, Act, access_room, access_twinspace, guards
from hub.actions.class_seats import take_seat
from hub.actions.journal import record
from hub.actions.lobby import check_admitted
from hub.actions.shared_view import tell_view
from hub.consents import may_send
from hub.context import Context, Session
from hub.errors import EncryptionDiffers, HubError, NotFound, RoomEnded
from hub.lesson.powers import MediaPart
from hub.names import outward
from hub.payloads.room_keys import ChangeRoom, RoomChanged, SendKeys
from hub.payloads.rooms import (
    Joined,
    JoinRoom,
    Mute,
    NamedTrack,
    PeerLines,
    Peers,
    Prefer,
    Publish,
    Published,
    Room,
    RoomRef,
    Rooms,
    Source,
    Subscribe,
    Subscribed,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.room_peers import KINDS, RoomPeer
from storage import records
from storage.records import RoomId, TwinspaceId


async def rooms_of(context: Context, twinspace_id: TwinspaceId) -> list[Room]:
    """The caller has checked the access."""
    rooms = await context.storage.twinspaces.rooms(twinspace_id)
    return [_shown(context, room) for room in rooms if room.parent_id is None]


def _shown(context: Context, room: records.Room) -> Room:
    return Room(
        id=room.id,
        twinspace_id=room.twinspace_id,
        title=room.title,
        peer_count=context.live_rooms.peer_count(room.id),
        is_recorded=context.live_recordings.state(room.id).running,
        is_encrypted=room.is_encrypted,
    )


async def change_room(context: Context, session: Session, payload: ChangeRoom) -> Room:
    """Switch the encryption of its meetings on or off while nobody is in: nobody's media change under their hands."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    if room.is_encrypted != payload.is_encrypted:
        with context.live_rooms.switching_encryption(room.id):
            room = await context.storage.twinspaces.set_encrypted(room.id, payload.is_encrypted)
        changed = RoomChanged(room_id=room.id, twinspace_id=room.twinspace_id, is_encrypted=room.is_encrypted)
        await context.announce.to_twinspace(room.twinspace_id, "room:changed", changed)
        verb = "room_encrypted" if room.is_encrypted else "room_unencrypted"
        await record(context, room.twinspace_id, verb, session.user, room.id, {"title": room.title})
    return _shown(context, room)


_PART_OF: dict[Source, MediaPart] = {
    "microphone": "microphone",
    "camera": "camera",
    "screen": "screen",
    "screen_audio": "screen",
    "interpreter": "microphone",
}
"""With which part a teacher takes such a track from somebody."""


async def list_rooms(context: Context, session: Session, payload: TwinspaceRef) -> Rooms:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    return Rooms(rooms=await rooms_of(context, access.twinspace.id))


async def list_peers(context: Context, session: Session, payload: RoomRef) -> Peers:
    """Who publishes: what a script can hand to WHEP."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    own = next((peer for peer in context.live_rooms.roster.peers(room.id) if peer.user.id == session.user.id), None)
    is_staff = guards(session.user, access.member.role)
    to = None if is_staff else own or RoomPeer("", session.user, None, "whep", None)
    return Peers(peers=[peer for peer in context.live_rooms.peers(room.id, to) if peer.tracks])


async def list_lines(context: Context, session: Session, payload: RoomRef) -> PeerLines:
    """Whose line is weak: for who leads the meeting. It says nothing of anybody but how packets arrive."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    return PeerLines(lines=await context.live_rooms.lines(room.id))


async def join(context: Context, session: Session, payload: JoinRoom) -> Joined:
    """From now on the room's announcements come to this socket; or it waits in the lobby, and is told so."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    return await _join(context, session, payload, access, room, listens=False)


async def listen(context: Context, session: Session, payload: JoinRoom) -> Joined:
    """Hear and see a breakout room without leaving one's own; everybody in it is told. Any number of them at once."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.BREAKOUTS)
    if room.parent_id is None:
        raise NotFound
    return await _join(context, session, payload, access, room, listens=True)


async def _join(
    context: Context, session: Session, payload: JoinRoom, access: Access, room: records.Room, *, listens: bool
) -> Joined:
    if room.is_encrypted != (payload.public_key is not None):
        raise EncryptionDiffers
    powers = context.room_powers
    await powers.open(room)
    class_size, class_name = None, ""
    try:
        if payload.pupil_ids is not None:
            pupils, class_name = await take_seat(context, session, access, room, payload.pupil_ids)
            class_size = len(pupils)
        await _meeting_of(context, room, payload)
        if not _is_in(context, session, room, payload.peer_id):
            await check_admitted(context, session, access, room, class_size)
    except HubError:
        powers.note_presence(room.id)
        raise
    allowed = sorted(await may_send(context, session.user, access))
    await powers.open(room)
    shown = await outward(context, session.user)
    # Asked last, with nothing to wait for before the place is taken: who comes now comes after the end, or is sent out.
    meeting = await _meeting_of(context, room, payload)
    peer_id = context.live_rooms.join(
        room.id,
        session.id,
        shown,
        payload.peer_id,
        login_id=session.login_id,
        public_key=payload.public_key,
        listens=listens,
        leads=access.may(Act.MODERATE),
        guards=guards(session.user, access.member.role),
        shown_name=powers.standing(room.id, session.user.id).shown_name,
        class_size=class_size,
        class_name=class_name,
    )
    peer = context.live_rooms.roster.require_session(room.id, session.id)
    powers.bulletin.tell_rules(room.id, peer)
    powers.bulletin.tell_hands(room.id, peer)
    await tell_view(context, room, peer)
    if peer.leads:
        powers.bulletin.tell_lobby(room.id)
    return Joined(
        peer_id=peer_id,
        meeting=meeting,
        peers=context.live_rooms.peers(room.id, peer),
        ice_servers=context.live_rooms.ice_servers(peer_id),
        may_send=allowed,
        recording=context.live_recordings.state(room.id),
    )


async def _meeting_of(context: Context, room: records.Room, payload: JoinRoom) -> str:
    """Which meeting the room has, or is part of, and in a breakout room also what goes on there: for each of these
    rooms how often it was ended. Raise RoomEnded when a teacher has ended what somebody wants to come back to."""
    storage = context.storage.twinspaces
    rooms = [await storage.get_room(room_id) for room_id in (room.parent_id, room.id) if room_id is not None]
    known = dict(part.rsplit(":", 1) for part in (payload.meeting or "").split(" ") if ":" in part)
    if any(known.get(each.id, str(each.endings)) != str(each.endings) for each in rooms):
        raise RoomEnded
    return " ".join(f"{each.id}:{each.endings}" for each in rooms)


def _is_in(context: Context, session: Session, room: records.Room, former_peer_id: str | None) -> bool:
    """Whether their place is still kept: a line that breaks sends nobody into a lobby that was opened meanwhile."""
    roster = context.live_rooms.roster
    former = roster.get(room.id, former_peer_id)
    kept = former is not None and former.user.id == session.user.id and former.door == "socket"
    return kept or roster.find_session(room.id, session.id) is not None


async def leave(context: Context, session: Session, payload: RoomRef) -> None:
    await context.live_rooms.leave(RoomId(payload.room_id), session.id)


async def send_keys(context: Context, session: Session, payload: SendKeys) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    context.live_rooms.send_keys(room.id, session.id, payload.keys)


async def publish(context: Context, session: Session, payload: Publish) -> Published:
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    # What there is no consent for, or no channel, is answered as if it had not been listed: its m-line is inactive.
    allowed = await may_send(context, session.user, access)
    interprets = context.room_powers.channel_of(room.id, session.user.id) != ""
    listed = [
        track
        for track in payload.tracks
        if KINDS[track.source] in allowed and (track.source != "interpreter" or interprets)
    ]
    sdp, tracks = await context.live_rooms.publish(room.id, session.id, payload.sdp, listed)
    return Published(sdp=sdp, tracks=[NamedTrack(mid=mid, track_id=track_id) for mid, track_id in tracks.items()])


async def subscribe(context: Context, session: Session, payload: Subscribe) -> Subscribed:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    sdp, undecodable = await context.live_rooms.subscribe(room.id, session.id, payload.sdp, payload.tracks)
    return Subscribed(sdp=sdp, undecodable=undecodable)


async def prefer(context: Context, session: Session, payload: Prefer) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await context.live_rooms.prefer(room.id, session.id, payload.tracks)


async def mute(context: Context, session: Session, payload: Mute) -> None:
    """One's own track; who leads takes somebody else's, which holds until it is given back the same way."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    rooms = context.live_rooms
    rooms.roster.require_session(room.id, session.id)
    owner, track = rooms.tracks.owner_of(room.id, payload.track_id)
    if owner.session_id == session.id:
        await rooms.mute(room.id, session.id, payload.track_id, payload.muted)
        return
    if not access.may(Act.MODERATE):
        raise NotFound
    part = _PART_OF[track.source]
    await context.room_powers.take(room, session.user.id, owner.user.id, part, held=payload.muted)
