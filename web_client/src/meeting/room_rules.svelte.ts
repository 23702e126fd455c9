import { call } from '../call/call.svelte';
import type { Announcements } from '../protocol/shapes';
import { on } from '../protocol/socket';

export type RoomState = Announcements['room:rules'];
export type LobbyTold = Announcements['lobby:changed'];

/** What the hub says of the room in which the call is: what is closed, and who waits before it. */
class RoomRulesHere {
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
}

export const roomRules = new RoomRulesHere();
