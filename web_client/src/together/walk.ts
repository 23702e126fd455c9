import { getContext, setContext } from 'svelte';

/** A gallery walk through what is open for everybody: the presenter's card is large on every screen. */
export interface Walk {
  /** The card that is looked at; null: nobody walks. */
  readonly cardId: string | null;
  readonly presents: boolean;
  /** This person looks around by themselves meanwhile. */
  readonly free: boolean;
  /** Begins the walk, or goes on; only the presenter. */
  goTo(cardId: string): void;
  /** Everybody is back in the whole, where this card stands; only the presenter. */
  end(cardId: string): void;
  stepOut(): void;
}

const KEY = Symbol('walk');
const ANCHOR = 'walk:';

export const anchorOf = (cardId: string): string => `${ANCHOR}${cardId}`;

/** The card that a shared place walks to; null: it is a place to scroll to. */
export const walkedCard = (anchor: string | undefined): string | null =>
  anchor?.startsWith(ANCHOR) ? anchor.slice(ANCHOR.length) : null;

/** For what is opened inside the page that shows it to everybody. */
export const offerWalk = (walk: Walk): Walk => setContext(KEY, walk);

/** undefined where nothing is opened for everybody: on a page of its own. */
export const walkHere = (): Walk | undefined => getContext<Walk | undefined>(KEY);
