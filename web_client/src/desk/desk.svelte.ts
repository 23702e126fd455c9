import { session } from '../app_state.svelte';
import { get } from '../protocol/api';
import { isAway, keepAnswer, keptAnswer } from '../protocol/kept_answers';
import type * as hub from '../protocol/schema';
import type { ContentKind, School } from '../protocol/shapes';
import { connection, on } from '../protocol/socket';

export type Waiting = hub.Waiting;
export type DeskMeeting = hub.DeskMeeting;
export interface DeskTwinspace extends Omit<hub.DeskTwinspace, 'latest'> {
  latest: (Omit<hub.DeskContent, 'kind'> & { kind: ContentKind })[];
}
interface Shown extends Omit<hub.Desk, 'twinspaces' | 'schools'> {
  twinspaces: DeskTwinspace[];
  schools: School[];
}

const DESK = '/api/v1/me/desk';
const LOOK_AGAIN_MS = 60_000;
const GATHER_MS = 150;

/** The desk as the hub has it, read again when something on it changes. */
export class Desk {
  shown = $state.raw<Shown | null>(null);
  problem = $state.raw<unknown>(null);
  #waiting: ReturnType<typeof setTimeout> | null = null;

  schoolsOf(twinspace: DeskTwinspace): School[] {
    return (this.shown?.schools ?? []).filter(({ id }) => twinspace.school_ids.includes(id));
  }

  async look(): Promise<void> {
    const userId = session.user?.id;
    if (!userId) return;
    try {
      this.shown = await get<Shown>(DESK);
      this.problem = null;
      // Of the desk only the ways to the TwinSpaces stay on a device: what waits is about others.
      if (session.user?.id === userId)
        void keepAnswer(userId, DESK, { ...this.shown, rooms: [], waiting: [], meetings: [] });
    } catch (error) {
      if (isAway(error)) this.shown ??= await keptAnswer<Shown>(userId, DESK);
      this.problem = error;
    }
  }

  /** Looks now, when told to, and every minute for what nobody tells; returns how to stop. */
  follow(): () => void {
    void this.look();
    // A class that comes in at once tells many things: they are read together.
    const soon = (): void => {
      this.#waiting ??= setTimeout(() => {
        this.#waiting = null;
        void this.look();
      }, GATHER_MS);
    };
    const back = connection.subscribe((state) => state === 'connected' && this.problem !== null && soon());
    const stops = [on('desk:changed', soon), on('notice:added', soon), on('notice:read', soon), back];
    const timer = setInterval(() => document.visibilityState === 'visible' && void this.look(), LOOK_AGAIN_MS);
    return () => {
      stops.forEach((stop) => stop());
      clearInterval(timer);
      if (this.#waiting) clearTimeout(this.#waiting);
      this.#waiting = null;
    };
  }
}
