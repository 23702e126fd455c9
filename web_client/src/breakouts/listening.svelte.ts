import { SvelteMap } from 'svelte/reactivity';
import { browser, signalling } from '../call/call.svelte';
import type { Signalling } from '../call/call_state';
import { WorkerGate } from '../call/encryption/frame_gate';
import { RoomCall } from '../call/room_call';

/** Comes into a room as one who only hears it; everybody there is told so, and nothing of one's own is sent. */
const asListener: Signalling = {
  ...signalling,
  emit: (event, payload) => signalling.emit(event === 'room:join' ? 'breakouts:listen' : event, payload),
};

/** The rooms that a teacher hears beside the call they are in. */
class Listening {
  /** What is heard of each room, by its id. */
  readonly rooms = new SvelteMap<string, readonly MediaStreamTrack[]>();
  readonly #calls = new Map<string, RoomCall>();

  toggle(roomId: string, isEncrypted: boolean): void {
    if (this.#calls.has(roomId)) this.stop(roomId);
    else this.#start(roomId, isEncrypted);
  }

  #start(roomId: string, isEncrypted: boolean): void {
    const room = new RoomCall(
      roomId,
      asListener,
      browser,
      {
        changed: ({ phase, media }) => {
          if (phase === 'refused') this.stop(roomId);
          else if (this.#calls.has(roomId))
            this.rooms.set(
              roomId,
              [...media.values()].filter(({ kind }) => kind === 'audio'),
            );
        },
        silenced: () => undefined,
      },
      isEncrypted ? new WorkerGate() : null,
    );
    this.#calls.set(roomId, room);
    this.rooms.set(roomId, []);
    room.watch(new Set());
    room.join();
  }

  stop(roomId: string): void {
    const room = this.#calls.get(roomId);
    this.#calls.delete(roomId);
    this.rooms.delete(roomId);
    room?.leave();
  }

  stopAll(): void {
    for (const roomId of [...this.#calls.keys()]) this.stop(roomId);
  }
}

export const listening = new Listening();
