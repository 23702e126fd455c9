import { may } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import { listening } from './listening.svelte';
import type { BreakoutNote, BreakoutsChanged, CalledTeacher, Place } from '../protocol/schema';
import { emit, on } from '../protocol/socket';
import { currentPath, go } from '../router';
import { paths } from '../routes';

interface FoundPlace {
  place: Place | null;
  notes: BreakoutNote[];
}

/** A room that somebody went into from outside: a teacher who visits a group. */
interface Visit {
  twinspaceId: string;
  mainRoomId: string;
  roomId: string;
  title: string;
}

/** Goes where the hub says one belongs while a meeting is divided, and brings everybody back at the end. */
class Following {
  place = $state.raw<Place | null>(null);
  visit = $state.raw<Visit | null>(null);
  /** The last sentence that a teacher said to all rooms. */
  sentence = $state.raw<BreakoutNote | null>(null);
  /** The last call of one's own group. */
  ownCall = $state.raw<BreakoutNote | null>(null);
  /** Calls of groups that wait for a teacher: this person. */
  calls = $state.raw<readonly CalledTeacher[]>([]);
  /** Of one's own group: a teacher has ended what went on there, and the meeting goes on. */
  ended = $state(false);
  /** What the hub's clock is ahead of this machine's. */
  #ahead_ms = 0;
  /** Where one was moved to already: who goes back to the main room by themselves is not moved again. */
  #moved = '';
  #asked: string | null = null;

  get isInGroup(): boolean {
    return this.place !== null && call.place?.roomId === this.place.room_id;
  }

  secondsLeft(now_ms: number): number | null {
    const ends_ms = this.place?.closes_at_ms ?? null;
    return ends_ms === null ? null : Math.max(0, Math.round((ends_ms - now_ms - this.#ahead_ms) / 1000));
  }

  /** Until the returned function is called. */
  follow(): () => void {
    const ends = [
      on('breakouts:moved', (place) => this.#take(place)),
      on('breakouts:changed', (told) => this.#change(told)),
      on('breakouts:told', ({ note }) => (this.sentence = note)),
      on('breakouts:called', (called) => this.#hearCall(called)),
      on('twinspace:entered', () => {
        this.#asked = null;
        void this.ask();
      }),
    ];
    return () => ends.forEach((end) => end());
  }

  /** Where one belongs, as often as one comes into a meeting or back to the hub. */
  async ask(): Promise<void> {
    const at = call.place;
    if (!at) {
      this.#asked = null;
      return;
    }
    const mainRoomId = this.#mainRoomOf(at.roomId);
    if (this.#asked === mainRoomId) return;
    this.#asked = mainRoomId;
    try {
      const found = await emit<FoundPlace>('breakouts:place', { room_id: mainRoomId });
      this.sentence = found.notes.findLast(({ kind }) => kind === 'broadcast') ?? this.sentence;
      this.ownCall = found.notes.findLast(({ kind }) => kind === 'call') ?? null;
      if (found.place) this.#take(found.place);
      else if (this.place) this.#end();
    } catch {
      this.#asked = null; // Asked again when the hub is back.
    }
  }

  /** The hub does not let anybody into a room that has closed: back to where everybody is. */
  comeBackIfClosed(): void {
    if (call.phase !== 'refused') return;
    if (this.isInGroup && call.refusal === 'room_ended') {
      this.ended = true;
      this.goBack();
    } else if (this.isInGroup) this.#end();
    else if (this.visit?.roomId === call.place?.roomId) this.leaveVisit();
  }

  goToGroup(): void {
    this.ended = false;
    if (this.place) this.#go(this.place.twinspace_id, this.place.room_id);
  }

  goBack(): void {
    if (this.place) this.#go(this.place.twinspace_id, this.place.main_room_id);
  }

  goInto(visit: Visit): void {
    listening.stop(visit.roomId);
    this.visit = visit;
    this.#go(visit.twinspaceId, visit.roomId);
  }

  leaveVisit(): void {
    const { visit } = this;
    this.visit = null;
    if (visit) this.#go(visit.twinspaceId, visit.mainRoomId);
  }

  async callTeacher(): Promise<void> {
    if (this.place) this.ownCall = await emit<BreakoutNote>('breakouts:call', { room_id: this.place.room_id });
  }

  async answer(called: CalledTeacher): Promise<void> {
    await emit('breakouts:answer', { breakouts_id: called.breakouts_id, note_id: called.note.id });
    this.dismiss(called);
    this.goInto({
      twinspaceId: called.twinspace_id,
      mainRoomId: called.main_room_id,
      roomId: called.room_id,
      title: called.group_title,
    });
  }

  dismiss(called: CalledTeacher): void {
    this.calls = this.calls.filter(({ note }) => note.id !== called.note.id);
  }

  #mainRoomOf(roomId: string): string {
    if (this.place?.room_id === roomId) return this.place.main_room_id;
    return this.visit?.roomId === roomId ? this.visit.mainRoomId : roomId;
  }

  #take(place: Place): void {
    this.#ahead_ms = place.now_ms - Date.now();
    const key = `${place.breakouts_id} ${place.group_id}`;
    const isNew = this.#moved !== key;
    if (isNew) this.ended = false;
    const former = this.place;
    this.place = place;
    const at = call.place?.roomId;
    const isThere = at === place.main_room_id || (former !== null && at === former.room_id);
    if (!isThere || at === place.room_id || !isNew) return;
    this.#moved = key;
    this.#go(place.twinspace_id, place.room_id);
  }

  #change(told: BreakoutsChanged): void {
    if (told.state === 'closed') {
      this.calls = this.calls.filter(({ breakouts_id }) => breakouts_id !== told.breakouts_id);
      if (this.visit?.mainRoomId === told.room_id) this.leaveVisit();
      if (may('breakouts')) listening.stopAll();
    }
    if (this.place?.breakouts_id !== told.breakouts_id) return;
    this.#ahead_ms = told.now_ms - Date.now();
    if (told.state === 'closed') this.#end();
    else this.place = { ...this.place, closes_at_ms: told.closes_at_ms };
  }

  #hearCall(called: CalledTeacher): void {
    if (called.room_id === this.place?.room_id) this.ownCall = called.note;
    const others = this.calls.filter(({ note }) => note.id !== called.note.id);
    const isMine = called.room_id === this.place?.room_id;
    this.calls = called.note.answered_by === null && !isMine ? [...others, called] : others;
  }

  #end(): void {
    const { place } = this;
    this.place = null;
    this.sentence = null;
    this.ownCall = null;
    this.ended = false;
    this.#moved = '';
    if (place && call.place?.roomId === place.room_id) this.#go(place.twinspace_id, place.main_room_id);
  }

  #go(twinspaceId: string, roomId: string): void {
    const wasAt = call.place;
    const looking = wasAt === null || currentPath() === paths.room(wasAt.twinspaceId, wasAt.roomId);
    call.join({ twinspaceId, roomId, isEncrypted: wasAt?.isEncrypted ?? false }, call.seat, true);
    // Whoever writes in the group's document stays in it: the meeting goes on in its corner.
    if (looking) go(paths.room(twinspaceId, roomId));
  }
}

export const following = new Following();
