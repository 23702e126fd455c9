import { onDestroy } from 'svelte';
import { session } from '../../app_state.svelte';
import { del, get } from '../../protocol/api';
import type { HeldThing, HeldThings } from '../../protocol/shapes';
import { on } from '../../protocol/socket';

const GATHER_MS = 80;

export interface Gate {
  /** My own cards and comments that wait, or were sent back. */
  readonly mine: HeldThing[];
  /** What waits for me to decide; oldest first. */
  readonly waiting: HeldThing[];
  readonly problem: unknown;
  look(): Promise<void>;
  /** What I made is gone; of what is on the wall my change is. */
  takeBack(kind: HeldThing['kind'], id: string): Promise<void>;
}

/** Follows what waits before one wall (or, with a path of its own, before all of a TwinSpace) while the caller lives. */
export function followGate(path: string, fits: (told: { twinspace_id: string; content_id: string }) => boolean): Gate {
  let held = $state.raw<HeldThing[]>([]);
  let problem = $state.raw<unknown>(null);
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function look(): Promise<void> {
    const number = ++asked;
    try {
      const found = await get<HeldThings>(path);
      // An older answer that comes later knows less.
      if (number === asked) held = found.held;
      problem = null;
    } catch (error) {
      problem = error;
    }
  }

  // A class that posts at once tells many things: they are read together.
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      void look();
    }, GATHER_MS);
  };
  const stops = [on('held:changed', (told) => fits(told) && soon()), on('twinspace:entered', soon)];
  onDestroy(() => {
    stops.forEach((stop) => stop());
    if (timer) clearTimeout(timer);
  });
  void look();

  return {
    get mine() {
      return held.filter(({ author_id }) => author_id === session.user?.id);
    },
    get waiting() {
      return held.filter(({ author_id, state }) => author_id !== session.user?.id && state === 'waiting');
    },
    get problem() {
      return problem;
    },
    look,
    async takeBack(kind, id) {
      await del(`${path}/${kind}/${id}`);
      await look();
    },
  };
}
