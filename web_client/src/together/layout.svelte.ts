import { readPreferences, savePreferences } from '../meeting/preferences';

/** Everybody alike, who speaks large, or what is written large. */
export const LAYOUTS = ['grid', 'speaker', 'text'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What can be large: a shared screen, what is open for everybody, or people. */
export type Large = 'screen' | 'opened' | 'people';

/** How this person sees meetings; remembered on this device. */
class LayoutChoice {
  #chosen = $state<Layout>(readPreferences().layout);

  get chosen(): Layout {
    return this.#chosen;
  }

  choose(layout: Layout): void {
    this.#chosen = layout;
    savePreferences({ layout });
  }

  /** The next one, and the first after the last. */
  next(): void {
    this.choose(LAYOUTS[(LAYOUTS.indexOf(this.#chosen) + 1) % LAYOUTS.length] ?? 'grid');
  }
}

export const layout = new LayoutChoice();
