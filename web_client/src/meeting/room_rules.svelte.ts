import { session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import type { Announcements } from '../protocol/shapes';
import { on } from '../protocol/socket';

export type RoomState = Announcements['room:rules'];
export type LobbyTold = Announcements['lobby:changed'];
export type PersonRules = RoomState['people'][number];
/** The parts of a meeting that a teacher can close to everybody else. */
export const PARTS = ['microphone', 'camera', 'screen', 'chat', 'reactions', 'notes', 'cursors'] as const;
export type Part = (typeof PARTS)[number];
export type OwnPart = 'microphone' | 'camera' | 'screen';

/** What the hub says of the room in which the call is: what is closed, and who waits before it. */
class RoomRulesHere {
  /** What this person tried to open, or had open, although it is closed: the meeting says why until it is read. */
  explained = $state<OwnPart | null>(null);
  #state = $state.raw<RoomState | null>(null);
  #lobby = $state.raw<LobbyTold | null>(null);

  constructor() {
    on('room:rules', (told) => {
      // Of two that cross each other the newer one holds.
      const known = this.#state;
      if (known?.room_id !== told.room_id || told.revision >= known.revision) this.#state = told;
    });
    on('lobby:changed', (told) => (this.#lobby = told));
  }

  get state(): RoomState | null {
    return this.#state?.room_id === call.place?.roomId ? this.#state : null;
  }

  get lobby(): LobbyTold | null {
    return this.#lobby?.room_id === call.place?.roomId ? this.#lobby : null;
  }

  /** No teacher is there: pupils' voices, cameras and chat wait. */
  get paused(): boolean {
    return this.state?.is_paused ?? false;
  }

  /** Why a teacher keeps this from the person; null: it is open. A pause is no reason: what it stops goes on by itself. */
  closed(part: Part): 'locked' | 'muted' | null {
    const { mine = {}, exceptions = {} } = this.state ?? {};
    // A screen is a picture too: with the cameras it is closed, but not to who was named for it.
    const mayShow = exceptions['screen'] === session.user?.id && mine['camera'] === 'locked';
    // An interpreter's channel is beside the floor that a lock keeps quiet.
    if (part === 'microphone' && call.interpreting && mine[part] === 'locked') return null;
    const hold = mine[part] ?? (part === 'screen' && !mayShow ? mine['camera'] : undefined);
    return hold === undefined || hold === 'alone' ? null : hold;
  }

  /** What holds for one person; of others only teachers are told. */
  of(userId: string): PersonRules | undefined {
    return this.state?.people.find(({ user_id }) => user_id === userId);
  }

  /** Call it in an effect: what is closed to this person is turned off here too, so that no light says otherwise. */
  obey(): void {
    const { own } = call;
    for (const kind of ['microphone', 'camera'] as const) {
      if (own[kind].on && this.closed(kind)) {
        own[kind].turnOff();
        this.explained = kind;
      }
    }
    if (own.screen && this.closed('screen')) {
      own.stopScreen();
      this.explained = 'screen';
    }
  }
}

export const roomRules = new RoomRulesHere();
