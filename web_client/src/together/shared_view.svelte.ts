import { here, session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import type { Announcements, Content } from '../protocol/shapes';
import { emit, on } from '../protocol/socket';
import type { Place } from './place';

export type View = Announcements['room:view'];
export type Opened = NonNullable<View['opened']>;
export type Timer = NonNullable<View['timer']>;

/** What everybody in the meeting looks at together, as the hub says it. */
class SharedViewHere {
  /** This person looks around in what is open, instead of following who presents it. */
  free = $state(false);
  /** Users in the meeting who may not see what is open; only who presents is told. */
  unseen = $state.raw<readonly string[]>([]);
  #view = $state.raw<View | null>(null);
  /** By our own clock that never jumps: what the hub's clock says there is told with every view. */
  #heardAt_ms = 0;

  constructor() {
    on('room:view', (told) => {
      if (told.room_id !== call.place?.roomId) return; // A breakout that is only listened to.
      const known = this.#view;
      // Of two that cross each other the newer one holds.
      if (known?.room_id === told.room_id && told.revision < known.revision) return;
      if (known?.opened?.content_id !== told.opened?.content_id) {
        this.free = false;
        this.unseen = [];
      }
      this.#heardAt_ms = performance.now();
      this.#view = told;
    });
    on('room:unseen', ({ room_id, user_id }) => {
      if (room_id === call.place?.roomId) this.unseen = [...new Set([...this.unseen, user_id])];
    });
  }

  get #now(): View | null {
    return this.#view?.room_id === call.place?.roomId ? this.#view : null;
  }

  get opened(): Opened | null {
    return this.#now?.opened ?? null;
  }

  /** What is open, as far as this person may see it and its list has come. */
  get content(): Content | undefined {
    return here.contents.find(({ id }) => id === this.opened?.content_id);
  }

  get spotlight(): readonly string[] {
    return this.#now?.spotlight ?? [];
  }

  get timer(): Timer | null {
    return this.#now?.timer ?? null;
  }

  get presents(): boolean {
    return this.opened !== null && this.opened.presenter_id === session.user?.id;
  }

  get follows(): boolean {
    return this.opened !== null && !this.presents && !this.free;
  }

  /** What is left of the timer, by the hub's clock: how anybody's own clock is set doesn't matter. */
  left_ms(): number {
    const view = this.#now;
    if (!view?.timer) return 0;
    if (view.timer.ends_at_ms === null) return view.timer.left_ms;
    return view.timer.ends_at_ms - (view.now_ms + performance.now() - this.#heardAt_ms);
  }

  /** Opens it for everybody, or takes over. Answers with who in the meeting may not see it: then it stays closed. */
  async open(contentId: string, place: Partial<Place> = {}): Promise<readonly string[]> {
    const answer = await emit<{ is_open: boolean; unseen_by: string[] }>('view:open', {
      room_id: call.place?.roomId,
      content_id: contentId,
      place,
    });
    return answer.is_open ? [] : answer.unseen_by;
  }

  async close(): Promise<void> {
    await emit('view:close', { room_id: call.place?.roomId });
  }

  async turn(place: Place): Promise<void> {
    await emit('view:turn', { room_id: call.place?.roomId, content_id: this.opened?.content_id, place });
  }

  async light(userIds: readonly string[]): Promise<void> {
    await emit('view:spotlight', { room_id: call.place?.roomId, user_ids: userIds });
  }

  async setTimer(step: 'start' | 'pause' | 'resume' | 'add' | 'end', length_ms = 60_000): Promise<void> {
    await emit('view:timer', { room_id: call.place?.roomId, step, length_ms });
  }
}

export const sharedView = new SharedViewHere();
