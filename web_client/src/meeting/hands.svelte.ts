import { session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import type { Announcements } from '../protocol/shapes';
import { emit, on } from '../protocol/socket';

export type Hands = Announcements['room:hands'];
export type RaisedHand = Hands['hands'][number];

/** Who wants to speak in the meeting of the call, in the order of their turns, and how long each school has spoken. */
class HandsHere {
  /** This person was called on: true until they have read it. */
  called = $state(false);
  /** What went wrong with the last raising or lowering. */
  problem = $state.raw<unknown>(null);
  #told = $state.raw<Hands | null>(null);

  constructor() {
    on('room:hands', (told) => (this.#told = told));
    on('room:called', ({ room_id, hand }) => {
      if (room_id === call.place?.roomId) this.called = hand.user_id === session.user?.id;
    });
  }

  get told(): Hands | null {
    return this.#told?.room_id === call.place?.roomId ? this.#told : null;
  }

  /** This person's own hand, when it is up. */
  get own(): RaisedHand | undefined {
    return this.told?.hands.find(({ user_id }) => user_id === session.user?.id);
  }

  /** Raises this person's hand, or lowers it. */
  async toggle(): Promise<void> {
    const { own } = this;
    try {
      if (own) await this.lower(own);
      else await emit('hand:raise', { room_id: call.place?.roomId });
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  /** Rejects with a ProblemError. */
  async lower(hand: RaisedHand): Promise<void> {
    await emit('hand:lower', { room_id: call.place?.roomId, hand_id: hand.id });
  }

  /** Gives the floor to this one, or to whose turn it is. Rejects with a ProblemError. */
  async callOn(hand: RaisedHand | null): Promise<void> {
    await emit('hand:call', { room_id: call.place?.roomId, hand_id: hand?.id ?? null });
  }
}

export const hands = new HandsHere();
