import type { Awareness } from 'y-protocols/awareness';
import { readPresence } from '../../docs/people';

/** Where others point, told through awareness: seldom enough for the hub's limit, and moved smoothly by the page. */
const TELL_EVERY_MS = 250;

export interface Pointing {
  client: number;
  userId: string;
  name: string;
  schoolId: string;
  x: number;
  y: number;
}

export class Hands {
  readonly #awareness: Awareness;
  #place: { x: number; y: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  constructor(awareness: Awareness) {
    this.#awareness = awareness;
  }

  point(place: { x: number; y: number } | null): void {
    this.#place = place;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const at = this.#place ? [Math.round(this.#place.x), Math.round(this.#place.y)] : null;
      if (JSON.stringify(at) === this.#told || this.#awareness.getLocalState() === null) return;
      this.#told = JSON.stringify(at);
      this.#awareness.setLocalStateField('at', at);
    }, TELL_EVERY_MS);
  }

  others(): Pointing[] {
    const found: Pointing[] = [];
    for (const [client, state] of this.#awareness.getStates() as Map<number, Record<string, unknown>>) {
      const user = readPresence(state.user);
      const at = state.at;
      if (client === this.#awareness.clientID || !user || !Array.isArray(at)) continue;
      const [x, y] = at as unknown[];
      if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x + y)) continue;
      found.push({ client, userId: user.id, name: user.name, schoolId: user.school_id, x, y });
    }
    return found;
  }

  listen(changed: () => void): () => void {
    this.#awareness.on('change', changed);
    return () => {
      clearTimeout(this.#timer);
      this.#awareness.off('change', changed);
      if (this.#awareness.getLocalState() !== null) this.#awareness.setLocalStateField('at', null);
    };
  }
}
