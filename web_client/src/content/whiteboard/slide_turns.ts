/** What slides and the page they stand on tell each other: which page is shown. The element is the one with `data-slide`. */

const TURNED = 'slide-turned';
const TOLD = 'slide-told';

/** Slides are there, and can be told which page to show. */
export const isReady = (element: Element): void => {
  element.dispatchEvent(new CustomEvent(TURNED, { bubbles: true, detail: null }));
};

/** Somebody here turned to this page. */
export const turned = (element: Element, number: number): void => {
  element.dispatchEvent(new CustomEvent(TURNED, { bubbles: true, detail: number }));
};

/** Hears of slides within: of a page that was turned by hand, or null when they have just come. */
export function heedTurns(around: Element, heard: (number: number | null) => void): () => void {
  const listener = (event: Event) => heard((event as CustomEvent<number | null>).detail);
  around.addEventListener(TURNED, listener);
  return () => around.removeEventListener(TURNED, listener);
}

export const tell = (slides: Element, number: number): void => {
  slides.dispatchEvent(new CustomEvent(TOLD, { detail: number }));
};

export function whenTold(slides: Element, told: (number: number) => void): () => void {
  const listener = (event: Event) => told((event as CustomEvent<number>).detail);
  slides.addEventListener(TOLD, listener);
  return () => slides.removeEventListener(TOLD, listener);
}
