/**
 * Moves a card by pointer: at once with a mouse or pen, after a long press with a finger, so that touch still scrolls.
 * Its keyboard and menu ways are Alt with arrows and "Move…".
 */

export interface DragOptions {
  /** Whether this element may be dragged now. */
  enabled: () => boolean;
  start: () => void;
  /** The pointer is over another card: the dragged one belongs before or behind it. */
  over: (cardId: string, behind: boolean) => void;
  /** Let go where it is now (true) or called off (false), with where the pointer and the card's corner are in the window. */
  end: (drop: boolean, pointer: { x: number; y: number }, corner: { x: number; y: number }) => void;
}

const MOVED_PX = 6;
const LONG_PRESS_MS = 350;
const SCROLL_EDGE_PX = 64;
const SCROLL_STEP_PX = 14;

export function cardDrag(element: HTMLElement, options: DragOptions): () => void {
  let pointer: { id: number; x: number; y: number } | null = null;
  let ghost: HTMLElement | null = null;
  let offset = { x: 0, y: 0 };
  let pressTimer: ReturnType<typeof setTimeout> | undefined;
  let scrollTimer = 0;
  let at = { x: 0, y: 0 };

  function down(event: PointerEvent): void {
    if (event.button !== 0 || pointer || !options.enabled()) return;
    if ((event.target as Element).closest('button, a, input, textarea, select')) return;
    pointer = { id: event.pointerId, x: event.clientX, y: event.clientY };
    at = { x: event.clientX, y: event.clientY };
    for (const [name, listener] of elsewhere) addEventListener(name, listener);
    if (event.pointerType === 'touch') pressTimer = setTimeout(lift, LONG_PRESS_MS);
    // Captured at once for a mouse: a fast first move would be lost otherwise.
    else capture(event.pointerId);
  }

  /** By the list: a card that changes its place leaves the page for a moment and would lose the pointer. */
  function capture(pointerId: number): void {
    element.parentElement?.setPointerCapture(pointerId);
  }

  function lift(): void {
    if (!pointer || ghost) return;
    capture(pointer.id);
    const box = element.getBoundingClientRect();
    offset = { x: pointer.x - box.left, y: pointer.y - box.top };
    ghost = element.cloneNode(true) as HTMLElement;
    ghost.classList.add('ghost');
    ghost.setAttribute('aria-hidden', 'true');
    ghost.inert = true;
    ghost.removeAttribute('id');
    // On the canvas a card is where its transform puts it; the ghost is where the pointer is.
    ghost.style.transform = 'none';
    ghost.style.width = `${box.width}px`;
    element.toggleAttribute('data-lifted', true);
    (element.parentElement ?? element).append(ghost);
    follow();
    getSelection()?.removeAllRanges();
    options.start();
  }

  function follow(): void {
    if (ghost) ghost.style.translate = `${at.x - offset.x}px ${at.y - offset.y}px`;
  }

  function move(event: PointerEvent): void {
    if (event.pointerId !== pointer?.id) return;
    at = { x: event.clientX, y: event.clientY };
    if (!ghost) {
      const far = Math.hypot(at.x - pointer.x, at.y - pointer.y) > MOVED_PX;
      if (far && event.pointerType === 'touch') return reset();
      if (!far) return;
      lift();
    }
    event.preventDefault();
    follow();
    aim();
    scrollAtEdges();
  }

  function aim(): void {
    const under = document
      .elementsFromPoint(at.x, at.y)
      .map((found) => found.closest<HTMLElement>('[data-card]'))
      .find((card) => card && card !== element && card !== ghost);
    const id = under?.dataset.card;
    if (!under || !id) return;
    const box = under.getBoundingClientRect();
    const oneColumn = box.width > (under.parentElement?.parentElement?.clientWidth ?? 0) * 0.6;
    const rightToLeft = getComputedStyle(under).direction === 'rtl';
    const behind = oneColumn ? at.y > box.top + box.height / 2 : at.x > box.left + box.width / 2 !== rightToLeft;
    options.over(id, behind);
  }

  /** Whatever scrolls under the card goes on when the card is held at its edge: the page, a row of columns, the canvas. */
  function scrollAtEdges(): void {
    cancelAnimationFrame(scrollTimer);
    if (!ghost || !scrollers().some(scrollUnder)) return;
    scrollTimer = requestAnimationFrame(() => {
      aim();
      scrollAtEdges();
    });
  }

  function scrollers(): Element[] {
    const found: Element[] = [document.documentElement];
    for (let outer = element.parentElement; outer && outer !== document.documentElement; outer = outer.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(outer);
      if (/auto|scroll/.test(overflowX + overflowY)) found.unshift(outer);
    }
    return found;
  }

  /** Whether there was anything left to scroll. */
  function scrollUnder(scroller: Element): boolean {
    const isPage = scroller === document.documentElement;
    const box = isPage ? new DOMRect(0, 0, innerWidth, innerHeight) : scroller.getBoundingClientRect();
    const [left, top] = [scroller.scrollLeft, scroller.scrollTop];
    const across = isPage ? 0 : stepAt(at.x, Math.max(0, box.left), Math.min(innerWidth, box.right));
    scroller.scrollBy({
      left: across,
      top: stepAt(at.y, Math.max(0, box.top), Math.min(innerHeight, box.bottom)),
      behavior: 'instant',
    });
    return scroller.scrollLeft !== left || scroller.scrollTop !== top;
  }

  function up(event: PointerEvent): void {
    if (event.pointerId === pointer?.id) finish(true);
  }

  function cancel(event: PointerEvent): void {
    if (event.pointerId === pointer?.id) finish(false);
  }

  function key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && ghost) finish(false);
  }

  function finish(drop: boolean): void {
    const dragged = ghost !== null;
    reset();
    if (dragged) options.end(drop, at, { x: at.x - offset.x, y: at.y - offset.y });
  }

  function reset(): void {
    clearTimeout(pressTimer);
    cancelAnimationFrame(scrollTimer);
    const list = element.parentElement;
    if (pointer && list?.hasPointerCapture(pointer.id)) list.releasePointerCapture(pointer.id);
    for (const [name, listener] of elsewhere) removeEventListener(name, listener);
    pointer = null;
    element.toggleAttribute('data-lifted', false);
    ghost?.remove();
    ghost = null;
  }

  /** While a finger holds a card, the page must not scroll under it. */
  function holdStill(event: TouchEvent): void {
    if (ghost) event.preventDefault();
  }

  /** A long press would open the browser's own menu. */
  function noMenu(event: Event): void {
    if (ghost) event.preventDefault();
  }

  // Listened to on the window, and only while a pointer is down: a wall has hundreds of cards.
  const elsewhere = [
    ['pointermove', move as EventListener],
    ['pointerup', up as EventListener],
    ['pointercancel', cancel as EventListener],
    ['keydown', key as EventListener],
  ] as const;
  element.addEventListener('pointerdown', down);
  element.addEventListener('contextmenu', noMenu);
  element.addEventListener('touchmove', holdStill, { passive: false });
  return () => {
    reset();
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('contextmenu', noMenu);
    element.removeEventListener('touchmove', holdStill);
  };
}

/** How far to scroll with a pointer here: back near the start, on near the end, by less where there is little room. */
function stepAt(place: number, start: number, end: number): number {
  const edge = Math.min(SCROLL_EDGE_PX, (end - start) / 6);
  return place < start + edge ? -SCROLL_STEP_PX : place > end - edge ? SCROLL_STEP_PX : 0;
}
