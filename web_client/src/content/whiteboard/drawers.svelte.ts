import { onDestroy } from 'svelte';
import { nameOf, session } from '../../app_state.svelte';
import { t } from '../../catalogue';
import type { Board, Thing } from '../../docs/board';
import { get } from '../../protocol/api';
import type { Drawer, Drawers } from '../../protocol/schema';

/** New hands are asked for together, and not more often than this. */
const ASK_EVERY_MS = 3_000;

export interface DrawersHere {
  of(thing: Thing): Drawer | undefined;
  /** In words, for everybody who reads. */
  nameOf(thing: Thing): string;
}

/** Whose things they are: the page sees under which client id one was put there, the hub knows whose id that is. */
export function followDrawers(contentId: string, board: Board, ownClient: () => number): DrawersHere {
  let drawers = $state.raw<ReadonlyMap<number, Drawer>>(byClient([]));
  const asked: Record<number, true> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt_ms = -ASK_EVERY_MS;

  async function ask(): Promise<void> {
    timer = undefined;
    lastAt_ms = performance.now();
    const wanted = [...board.things.values()].map(({ client }) => client);
    try {
      const found = (await get<Drawers>(`/api/v1/whiteboards/${contentId}/drawers`)).drawers;
      drawers = byClient(found);
      for (const client of wanted) asked[client] = true;
    } catch {
      // Without the hub things are just not called by name; the next one that comes asks again.
    }
  }

  function look(things: Iterable<Thing | undefined>): void {
    for (const thing of things) {
      if (!thing || timer || asked[thing.client] || thing.client === ownClient()) continue;
      timer = setTimeout(() => void ask(), Math.max(0, lastAt_ms + ASK_EVERY_MS - performance.now()));
    }
  }

  look(board.things.values());
  const stop = board.listen((changes) => look(changes.map(({ after }) => after)));
  onDestroy(() => {
    stop();
    clearTimeout(timer);
  });

  const own = (): Drawer | undefined =>
    session.user
      ? {
          client_id: ownClient(),
          user_id: session.user.id,
          display_name: session.user.display_name,
          school_id: session.user.school.id,
        }
      : undefined;
  const of = (thing: Thing) => drawers.get(thing.client) ?? (thing.client === ownClient() ? own() : undefined);
  return {
    of,
    nameOf(thing) {
      const drawer = of(thing);
      return drawer ? nameOf(drawer.user_id, drawer.display_name) : t('board_somebody');
    },
  };
}

const byClient = (drawers: Drawer[]): ReadonlyMap<number, Drawer> =>
  new Map(drawers.map((drawer) => [drawer.client_id, drawer]));
