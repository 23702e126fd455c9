import { onDestroy } from 'svelte';
import { session } from '../app_state.svelte';
import {
  dropShown,
  NOTHING_MORE,
  NOWHERE,
  readCards,
  showCards,
  type CardBody,
  type CardChange,
  type CardFields,
  type CardPlaces,
  type CardText,
  type ShownCard,
} from '../docs/wall_cards';
import { readLayout } from '../docs/wall_layout';
import { del, patch, post, ProblemError, put } from '../protocol/api';
import type { Card, WallLayout } from '../protocol/shapes';
import type { HeldDoc } from './held_doc.svelte';
import type { Gate } from './walls/gate.svelte';

export interface Board {
  /** The wall in order, with this page's own changes laid over it. */
  readonly cards: ShownCard[];
  readonly layout: WallLayout;
  add(card: CardText & Partial<CardBody>, places?: CardPlaces): void;
  edit(cardId: string, fields: CardFields): void;
  /** Gives it a place in a view; what is not named stays. */
  place(cardId: string, places: CardPlaces): void;
  /** Changes how the wall is seen; raises what the hub says against it. */
  arrange(layout: Partial<WallLayout>): Promise<void>;
  /** Puts a card behind another one; null puts it first. */
  move(cardId: string, afterCardId: string | null): void;
  remove(cardId: string): void;
  /** Asks the hub again for what failed. */
  retry(change: CardChange): void;
  /** Gives up a change that failed; what it held is gone. */
  discard(change: CardChange): void;
}

const NOT_SENT = ['file_name', 'media_type', 'size_bytes', 'width', 'height', 'has_preview'];

/** What the hub has to be told of a new card: what it does not know by itself, and is something. */
function said(card: Card): Record<string, unknown> {
  const nothing: Record<string, unknown> = { ...NOTHING_MORE, ...NOWHERE };
  const more = Object.entries(card).filter(
    ([name, value]) =>
      name in nothing &&
      !NOT_SENT.includes(name) &&
      value !== nothing[name] &&
      !(Array.isArray(value) && !value.length),
  );
  return { title: card.title, text: card.text, tint: card.tint, ...Object.fromEntries(more) };
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
  const layoutMap = held.live.doc.getMap('layout');
  const sectionMap = held.live.doc.getMap('sections');
  let layout = $state.raw<WallLayout>(readLayout(layoutMap, sectionMap));
  const followLayout = () => (layout = readLayout(layoutMap, sectionMap));
  map.observeDeep(follow);
  layoutMap.observe(followLayout);
  sectionMap.observeDeep(followLayout);
  onDestroy(() => {
    map.unobserveDeep(follow);
    layoutMap.unobserve(followLayout);
    sectionMap.unobserveDeep(followLayout);
  });

  const shown = $derived(showCards(cards, changes, gate.mine));
  const wallPath = `/api/v1/walls/${contentId}`;
  const path = `${wallPath}/cards`;

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
          const body = { client_card_id: change.cardId, ...said(change.card) };
          return await confirm(change.key, await post<Card>(path, body));
        }
        case 'edit':
          return await confirm(change.key, await patch<Card>(`${path}/${change.cardId}`, change.fields));
        case 'place':
          return await confirm(change.key, await put<Card>(`${path}/${change.cardId}/place`, change.places));
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
    get layout() {
      return layout;
    },
    add(given, places = {}) {
      const user = session.user;
      if (!user) return;
      const cardId = crypto.randomUUID();
      const now_ms = Date.now();
      const card: Card = {
        ...NOTHING_MORE,
        ...NOWHERE,
        ...given,
        ...(Object.fromEntries(Object.entries(places).filter(([, value]) => value !== null)) as Partial<Card>),
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
    place: (cardId, places) => begin({ ...fresh(), type: 'place', cardId, places }),
    async arrange(wanted) {
      layout = await patch<WallLayout>(wallPath, wanted);
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
