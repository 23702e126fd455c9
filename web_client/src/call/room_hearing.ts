import type { ReceivedLine, Signalling } from './call_state';
import { ROOM_EVENTS, type Told } from './roster';

/** What a teacher did to this person's part in the meeting, as the refusal that it amounts to. */
const ENDINGS = [
  ['lobby:sent_back', 'in_lobby'],
  ['room:removed', 'removed_from_room'],
  ['room:ended', 'room_ended'],
] as const;

/** What the hub says of one room, each to its place. */
export interface RoomHearer {
  /** Who is there and what they send. */
  told: (told: Told) => void;
  /** This person's part is over. */
  refused: (code: string) => void;
  line: (line: ReceivedLine) => void;
  speaker: (peerId: string | null) => void;
  key: (peerId: string, sealed: string | null) => void;
  /** The connections are gone on the hub's side. */
  reset: () => void;
  /** The hub goes, and comes back. */
  closing: () => void;
  connection: (connected: boolean) => void;
}

/** Hears the announcements of one room until each of the returned functions was called. */
export function hearRoom(roomId: string, signalling: Signalling, hearer: RoomHearer): (() => void)[] {
  return [
    ...ROOM_EVENTS.map((event) =>
      signalling.on(event, (payload) => {
        if (payload.room_id === roomId) hearer.told({ event, payload } as Told);
      }),
    ),
    ...ENDINGS.map(([event, refusal]) =>
      signalling.on(event, ({ room_id }) => {
        if (room_id === roomId) hearer.refused(refusal);
      }),
    ),
    signalling.on('room:line', ({ room_id, sound_only, paused, narrowed }) => {
      if (room_id === roomId) hearer.line({ soundOnly: sound_only, paused: new Set(paused), narrowed });
    }),
    signalling.on('room:speaker', ({ room_id, peer_id }) => {
      if (room_id === roomId) hearer.speaker(peer_id);
    }),
    signalling.on('room:key', ({ room_id, peer_id, sealed }) => {
      if (room_id === roomId) hearer.key(peer_id, sealed);
    }),
    signalling.on('room:reset', ({ room_id }) => {
      if (room_id === roomId) hearer.reset();
    }),
    signalling.on('room:closing', ({ room_id }) => {
      if (room_id === roomId) hearer.closing();
    }),
    signalling.onConnection((connected) => hearer.connection(connected)),
  ];
}
