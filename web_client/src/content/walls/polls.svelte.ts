import { onDestroy } from 'svelte';
import { get, put } from '../../protocol/api';
import type { CardPoll, CardPolls } from '../../protocol/shapes';
import { on } from '../../protocol/socket';

/** A class that votes at once is read a few times, not once for each vote. */
const GATHER_MS = 1_500;

export interface Polls {
  of(cardId: string): CardPoll | undefined;
  choose(cardId: string, option: number | null): Promise<void>;
  /** Asks the hub, when the wall shows polls that it has not asked for yet. */
  need(cardIds: readonly string[]): void;
}

/** Follows the polls on a wall's cards: what was chosen, in numbers, and what I chose. */
export function followPolls(contentId: string): Polls {
  let polls = $state.raw<Record<string, CardPoll>>({});
  const path = `/api/v1/walls/${contentId}`;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let asked = '';

  async function look(): Promise<void> {
    try {
      const found = await get<CardPolls>(`${path}/polls`);
      polls = Object.fromEntries(found.polls.map((poll) => [poll.card_id, poll]));
    } catch {
      // The next vote, or the next time the line is there, asks again.
    }
  }

  const soon = (): void => {
    if (!asked) return;
    timer ??= setTimeout(() => {
      timer = null;
      void look();
    }, GATHER_MS);
  };
  const stops = [on('wall:voted', (told) => told.content_id === contentId && soon()), on('twinspace:entered', soon)];
  onDestroy(() => {
    stops.forEach((stop) => stop());
    if (timer) clearTimeout(timer);
  });

  return {
    of: (cardId) => polls[cardId],
    async choose(cardId, option) {
      await put(`${path}/cards/${cardId}/choice`, { option });
      await look();
    },
    need(cardIds) {
      const wanted = cardIds.join(' ');
      if (wanted === asked) return;
      asked = wanted;
      if (wanted) void look();
    },
  };
}
