import type { Hand, Workplace } from './hand';
import type { Hands } from './hands';

interface Spot {
  x: number;
  y: number;
}

/** Mouse, pen and fingers on the board: one draws, two move it and make it larger or smaller. */
export class Pointers {
  readonly #at: Workplace;
  readonly #hand: Hand;
  readonly #area: HTMLElement;
  readonly #hands: () => Hands | null;
  /** Where each that is down was last. */
  readonly #down = new Map<number, Spot>();

  /** Places are counted from the corner of `area`. */
  constructor(at: Workplace, hand: Hand, area: HTMLElement, hands: () => Hands | null) {
    this.#at = at;
    this.#hand = hand;
    this.#area = area;
    this.#hands = hands;
  }

  down(event: PointerEvent): void {
    this.#area.setPointerCapture(event.pointerId);
    const spot = this.#spot(event);
    this.#down.set(event.pointerId, spot);
    if (this.#down.size > 1) return this.#hand.lift(this.#down.size > 2);
    if (event.button === 1) return;
    const { x, y } = this.#at.stage.placeOf(spot.x, spot.y);
    this.#hand.down(x, y, event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : null);
  }

  move(event: PointerEvent): void {
    const { stage, tool, canWrite } = this.#at;
    const spot = this.#spot(event);
    this.#hands()?.point(stage.placeOf(spot.x, spot.y));
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    if (this.#hand.isDown) this.#draw(event);
    else if (this.#down.size === 2) this.#pinch(event.pointerId, before, spot);
    else if (tool === 'hand' || !canWrite || event.buttons === 4) stage.pan(spot.x - before.x, spot.y - before.y);
    this.#down.set(event.pointerId, spot);
  }

  /** Lifted, or taken away by the system. */
  up(event: PointerEvent): void {
    this.#down.delete(event.pointerId);
    this.#hand.lift(event.type !== 'pointercancel');
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const spot = this.#spot(event);
    if (event.ctrlKey || event.metaKey) this.#at.stage.zoom(Math.exp(-event.deltaY / 300), spot.x, spot.y);
    else this.#at.stage.pan(-event.deltaX, -event.deltaY);
  }

  open(event: MouseEvent): void {
    if (this.#at.tool !== 'select') return;
    const spot = this.#spot(event);
    const { x, y } = this.#at.stage.placeOf(spot.x, spot.y);
    const found = this.#hand.find(x, y);
    if (found) this.#at.onopen(found);
  }

  /** The click that browsers make of a tap would close the dialog that the tap has opened. */
  touchEnd(event: TouchEvent): void {
    if (this.#at.tool !== 'select' && event.cancelable) event.preventDefault();
  }

  #draw(event: PointerEvent): void {
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length > 0 ? passed : [event]) {
      const spot = this.#spot(each);
      const { x, y } = this.#at.stage.placeOf(spot.x, spot.y);
      this.#hand.move(x, y, each.pressure);
    }
  }

  #pinch(pointer: number, before: Spot, spot: Spot): void {
    const other = [...this.#down].find(([each]) => each !== pointer)?.[1];
    if (!other) return;
    const wide = (a: Spot) => Math.hypot(a.x - other.x, a.y - other.y) || 1;
    this.#at.stage.pan((spot.x - before.x) / 2, (spot.y - before.y) / 2);
    this.#at.stage.zoom(wide(spot) / wide(before), (spot.x + other.x) / 2, (spot.y + other.y) / 2);
  }

  #spot(event: { clientX: number; clientY: number }): Spot {
    const box = this.#area.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
