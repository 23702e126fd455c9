import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { t } from '../../catalogue';
import { cardName, placeAfter, type CardPlaces, type ShownCard } from '../../docs/wall_cards';
import { cardDrag } from '../card_drag';
import type { Board } from '../wall_board.svelte';
import type { Drop, Over } from './view';

/** How cards get from place to place: by pointer, by keys, by a menu; all say what was done. */
export interface CardMoves {
  /** The wall's cards, in the order they would have if what is dragged were let go now. */
  readonly cards: ShownCard[];
  /** The card that a pointer holds. */
  readonly dragged: string | null;
  /** What was done last, for who doesn't see it. */
  readonly said: string;
  /** Gives it a place in a view, says so, and leaves the focus on it. */
  place(card: ShownCard, places: CardPlaces, words: string): void;
  /** Puts it behind another one, or first; undefined: it is at the end already. */
  putAfter(card: ShownCard, afterCardId: string | null | undefined): void;
  byKey(event: KeyboardEvent, card: ShownCard): void;
  /** The pointer's way in the wall's own order. */
  dragOf(cardId: string): Attachment<HTMLElement>;
  /** The pointer's way in a view with places of its own. */
  dragTo(cardId: string, drop: Drop): Attachment<HTMLElement>;
}

const focusCard = ({ id }: ShownCard): void =>
  document.querySelector<HTMLElement>(`[data-menu="${CSS.escape(id)}"]`)?.focus();

export function moveCards(board: Board, mayMove: (card: ShownCard) => boolean): CardMoves {
  let dragged = $state<string | null>(null);
  let preview = $state.raw<string[] | null>(null);
  let said = $state('');
  let over: Over | null = null;

  const cards = $derived.by(() => {
    const order = preview;
    if (!order) return board.cards;
    const places: Record<string, number | undefined> = Object.fromEntries(order.map((id, i) => [id, i]));
    const placeOf = ({ id }: ShownCard) => places[id] ?? order.length;
    return board.cards.toSorted((a, b) => placeOf(a) - placeOf(b));
  });

  async function place(card: ShownCard, places: CardPlaces, words: string): Promise<void> {
    const focused = document.activeElement;
    board.place(card.id, places);
    said = words;
    await tick();
    if (!focused?.isConnected || focused === document.body) focusCard(card);
  }

  async function putAfter(card: ShownCard, afterCardId: string | null | undefined): Promise<void> {
    if (afterCardId === undefined) {
      said = t('move_at_end', { title: cardName(card) });
      return;
    }
    board.move(card.id, afterCardId);
    await tick();
    const at = cards.findIndex((other) => other.id === card.id) + 1;
    said = t('moved_to', { title: cardName(card), place: at, total: cards.length });
    focusCard(card);
  }

  function byKey(event: KeyboardEvent, card: ShownCard): void {
    if (!event.altKey || !mayMove(card)) return;
    const rightToLeft = getComputedStyle(event.currentTarget as Element).direction === 'rtl';
    const back = ['ArrowUp', rightToLeft ? 'ArrowRight' : 'ArrowLeft'].includes(event.key);
    const forward = ['ArrowDown', rightToLeft ? 'ArrowLeft' : 'ArrowRight'].includes(event.key);
    if (!back && !forward) return;
    event.preventDefault();
    void putAfter(card, placeAfter(cards, card.id, back ? -1 : 1));
  }

  const enabled = (cardId: string) => () => {
    const card = board.cards.find(({ id }) => id === cardId);
    return card !== undefined && mayMove(card);
  };

  // One per card for as long as it is there: a new one would end the drag that goes on.
  const drags: Record<string, Attachment<HTMLElement>> = {};
  const makeDrag = (cardId: string) => (element: HTMLElement) =>
    cardDrag(element, {
      enabled: enabled(cardId),
      start: () => {
        dragged = cardId;
        preview = board.cards.map(({ id }) => id);
      },
      over: (otherId, behind) => {
        const others = (preview ?? []).filter((id) => id !== cardId);
        const at = others.indexOf(otherId) + (behind ? 1 : 0);
        preview = [...others.slice(0, at), cardId, ...others.slice(at)];
      },
      end: (drop) => {
        const before = (ids: string[]) => ids[ids.indexOf(cardId) - 1] ?? null;
        const wanted = before(preview ?? []);
        const card = board.cards.find(({ id }) => id === cardId);
        preview = null;
        dragged = null;
        if (drop && card && wanted !== before(board.cards.map(({ id }) => id))) void putAfter(card, wanted);
      },
    });

  // As above; where it is let go is the view's affair.
  const dropDrags: Record<string, Attachment<HTMLElement>> = {};
  const drops: Record<string, Drop> = {};
  function dragTo(cardId: string, drop: Drop): Attachment<HTMLElement> {
    drops[cardId] = drop;
    return (dropDrags[cardId] ??= (element) =>
      cardDrag(element, {
        enabled: enabled(cardId),
        start: () => {
          dragged = cardId;
          over = null;
        },
        over: (otherId, behind) => (over = { cardId: otherId, behind }),
        end: (dropped, pointer, corner) => {
          dragged = null;
          if (dropped) drops[cardId]?.(pointer, corner, over);
        },
      }));
  }

  return {
    get cards() {
      return cards;
    },
    get dragged() {
      return dragged;
    },
    get said() {
      return said;
    },
    place: (card, places, words) => void place(card, places, words),
    putAfter: (card, afterCardId) => void putAfter(card, afterCardId),
    byKey,
    dragOf: (cardId) => (drags[cardId] ??= makeDrag(cardId)),
    dragTo,
  };
}
