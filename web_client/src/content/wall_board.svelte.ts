import { onDestroy } from 'svelte';
import { session } from '../app_state.svelte';
import { dropShown, readCards, showCards, type CardChange, type CardText, type ShownCard } from '../docs/wall_cards';
import { del, patch, post, ProblemError } from '../protocol/api';
import type { Card } from '../protocol/shapes';
import type { HeldDoc } from './held_doc.svelte';
import type { Gate } from './walls/gate.svelte';

export interface Board {
  /** The wall in order, with this page's own changes laid over it. */
  readonly cards: ShownCard[];
  add(text: CardText): void;
  edit(cardId: string, fields: CardText): void;
  /** Puts a card behind another one; null puts it first. */
  move(cardId: string, afterCardId: string | null): void;
  remove(cardId: string): void;
  /** Asks the hub again for what failed. */
  retry(change: CardChange): void;
  /** Gives up a change that failed; what it held is gone. */
  discard(change: CardChange): void;
}

/** Follows the wall's document and asks the hub for changes over HTTP: nobody but the hub writes a wall. */
export function followBoard(contentId: string, held: HeldDoc, gate: Gate): Board {
  const map = held.live.doc.getMap('cards');
  let cards = $state.raw<Card[]>(readCards(map));
  let changes = $state.raw<CardChange[]>([]);
  let lastKey = 0;

  const follow = () => {
    cards = readCards(map);
    changes = dropShown(changes, cards);
  };
  map.observeDeep(follow);
  onDestroy(() => map.unobserveDeep(follow));

  const shown = $derived(showCards(cards, changes, gate.mine));
  const path = `/api/v1/walls/${contentId}/cards`;

  function replace(key: number, fields: Partial<CardChange>): void {
    changes = changes.map((change) => (change.key === key ? ({ ...change, ...fields } as CardChange) : change));
    changes = dropShown(changes, cards);
  }

  /** A change that waits for a teacher is shown as what the gate holds, from when the gate is known to hold it. */
  async function confirm(key: number, card: Card): Promise<void> {
    if (card.waits) {
      await gate.look();
      changes = changes.filter((change) => change.key !== key);
    } else replace(key, { confirmed: card });
  }

  async function ask(change: CardChange): Promise<void> {
    try {
      switch (change.type) {
        case 'add': {
          const { title, text, tint } = change.card;
          const body = { client_card_id: change.cardId, title, text, tint };
          return await confirm(change.key, await post<Card>(path, body));
        }
        case 'edit':
          return await confirm(change.key, await patch<Card>(`${path}/${change.cardId}`, change.fields));
        case 'move': {
          const body = { after_card_id: change.afterCardId };
          return await confirm(change.key, await post<Card>(`${path}/${change.cardId}/move`, body));
        }
        case 'delete':
          await del(`${path}/${change.cardId}`);
          return replace(change.key, { done: true });
      }
    } catch (error) {
      const failed =
        error instanceof ProblemError ? error : new ProblemError({ code: 'unavailable', detail: String(error) });
      if (change.type === 'delete' && failed.code === 'not_found') replace(change.key, { done: true });
      else replace(change.key, { failed });
    }
  }

  function begin(change: CardChange): void {
    // A newer wish for the same thing replaces one that failed.
    changes = [
      ...changes.filter(({ cardId, type, failed }) => !(failed && cardId === change.cardId && type === change.type)),
    ];
    changes = [...changes, change];
    void ask(change);
  }

  const fresh = () => ({ key: ++lastKey, failed: null, confirmed: null });

  return {
    get cards() {
      return shown;
    },
    add(text) {
      const user = session.user;
      if (!user) return;
      const cardId = crypto.randomUUID();
      const now_ms = Date.now();
      const card: Card = {
        ...text,
        id: cardId,
        author_id: user.id,
        author_name: user.display_name,
        school_id: user.school.id,
        position: '',
        created_at_ms: now_ms,
        changed_at_ms: now_ms,
        waits: false,
      };
      begin({ ...fresh(), type: 'add', cardId, card });
    },
    edit: (cardId, fields) => begin({ ...fresh(), type: 'edit', cardId, fields }),
    move: (cardId, afterCardId) => begin({ ...fresh(), type: 'move', cardId, afterCardId }),
    remove: (cardId) => begin({ ...fresh(), type: 'delete', cardId, done: false }),
    retry(change) {
      replace(change.key, { failed: null });
      void ask({ ...change, failed: null });
    },
    discard(change) {
      changes = changes.filter(({ key }) => key !== change.key);
    },
  };
}
