import { session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import type { Announcements } from '../protocol/shapes';
import { emit, on } from '../protocol/socket';
import { pupilName } from './class_seats.svelte.js';
import { seatSheet } from './seat_sheet.svelte.js';

export type Hands = Announcements['room:hands'];
export type RaisedHand = Hands['hands'][number];

/** Who wants to speak in the meeting of the call, in the order of their turns, and how long each school has spoken. */
class HandsHere {
  /** This person was called on: true until they have read it. */
  called = $state(false);
  /** The pupil who was called on, before a class seat; else empty. */
  calledName = $state('');
  /** What went wrong with the last raising or lowering. */
  problem = $state.raw<unknown>(null);
  #told = $state.raw<Hands | null>(null);

  constructor() {
    on('room:hands', (told) => (this.#told = told));
    on('room:called', ({ room_id, hand }) => {
      if (room_id !== call.place?.roomId) return;
      this.called = hand.user_id === session.user?.id;
      this.calledName = hand.pupil_id ? pupilName(hand.pupil_id, hand.name) : '';
    });
  }

  get told(): Hands | null {
    return this.#told?.room_id === call.place?.roomId ? this.#told : null;
  }

  /** This person's own hand, when it is up. */
  get own(): RaisedHand | undefined {
    return this.ofDevice.find(({ pupil_id }) => pupil_id === null);
  }

  /** Those that are up before this device: one's own, or those of a class. */
  get ofDevice(): readonly RaisedHand[] {
    return (this.told?.hands ?? []).filter(({ user_id }) => user_id === session.user?.id);
  }

  ofPupil(pupilId: string): RaisedHand | undefined {
    return this.ofDevice.find(({ pupil_id }) => pupil_id === pupilId);
  }

  /** Raises this person's hand, or lowers it; before a class seat asks whose hand it is. */
  async toggle(): Promise<void> {
    if (call.seat) seatSheet.open = 'hands';
    else await this.#toggle(this.own, {});
  }

  /** Before a class seat. */
  async togglePupil(pupilId: string): Promise<void> {
    await this.#toggle(this.ofPupil(pupilId), { pupil_id: pupilId });
  }

  async #toggle(hand: RaisedHand | undefined, whose: object): Promise<void> {
    try {
      if (hand) await this.lower(hand);
      else await emit('hand:raise', { room_id: call.place?.roomId, ...whose });
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  /** Rejects with a ProblemError. */
  async lower(hand: RaisedHand): Promise<void> {
    await emit('hand:lower', { room_id: call.place?.roomId, hand_id: hand.id });
  }

  /** Whoever has the floor has had it: what was closed to them is closed again. Rejects with a ProblemError. */
  async endTurn(): Promise<void> {
    await emit('room:except', { room_id: call.place?.roomId, part: 'microphone', user_id: null });
  }

  /** Gives the floor to this one, or to whose turn it is. Rejects with a ProblemError. */
  async callOn(hand: RaisedHand | null): Promise<void> {
    await emit('hand:call', { room_id: call.place?.roomId, hand_id: hand?.id ?? null });
  }
}

export const hands = new HandsHere();
