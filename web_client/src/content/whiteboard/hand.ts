import { t } from '../../catalogue';
import { isStroke, type Board, type Look, type Thing } from '../../docs/board';
import { drawShape, drawStroke, erase, isShape, shift, type Gesture } from './gestures';
import { frameOf, HIT_SLACK, isHit } from './shapes';
import type { Stage } from './stage';
import { WORD_OF, type ToolName } from './tools';

/** What a hand finds where it works, and what it tells. */
export interface Workplace {
  readonly board: Board;
  readonly stage: Stage;
  tool: ToolName;
  selectedId: string | null;
  readonly look: Look;
  readonly canWrite: boolean;
  makerOf(thing: Thing): string;
  /** A text, a note or a picture is wanted at this place. */
  onask(x: number, y: number): void;
  onopen(thing: Thing): void;
  /** To be read out. */
  onsay(words: string): void;
}

/** Uses the tool that is taken: pointers and keys put the same hand down, move it and lift it. */
export class Hand {
  readonly #at: Workplace;
  #gesture: Gesture | undefined;

  constructor(at: Workplace) {
    this.#at = at;
  }

  get isDown(): boolean {
    return this.#gesture !== undefined;
  }

  /** `pressure` is null of what can't be pressed. */
  down(x: number, y: number, pressure: number | null): void {
    this.#gesture = this.#begin(x, y, pressure);
  }

  move(x: number, y: number, pressure: number): void {
    this.#gesture?.move(x, y, pressure);
  }

  /** `kept` is false when it is broken off. */
  lift(kept: boolean): void {
    const gesture = this.#gesture;
    this.#gesture = undefined;
    gesture?.end(kept);
  }

  /** The topmost thing within so much of this place. */
  find(x: number, y: number, slack = HIT_SLACK): Thing | undefined {
    const near = this.#at.stage.at({ left: x - slack, top: y - slack, right: x + slack, bottom: y + slack });
    return near.find((thing) => isHit(thing, x, y, slack));
  }

  /** A thing in words: what it is, whose, and what is written on it. */
  told(thing: Thing): string {
    const words = t('board_thing_said', { kind: t(WORD_OF[thing.type]), name: this.#at.makerOf(thing) });
    return thing.text ? `${words}: ${thing.text}` : words;
  }

  #begin(x: number, y: number, pressure: number | null): Gesture | undefined {
    const { board, stage, tool, look, canWrite } = this.#at;
    if (tool === 'hand') return undefined;
    if (tool === 'select') return this.#pick(x, y);
    if (!canWrite) return undefined;
    if (tool === 'eraser') return erase(board, stage, x, y);
    if (isStroke({ type: tool })) {
      const pressed = pressure === null ? look : { ...look, pressed: true };
      return drawStroke(board, stage, pressed, x, y, pressure ?? 0.5);
    }
    if (isShape(tool)) return drawShape(board, stage, look, x, y, (made) => (this.#at.selectedId = made));
    // Asked when the finger is lifted: a second one may still come, to move the board.
    return { move: () => undefined, end: (kept) => void (kept && this.#at.onask(x, y)) };
  }

  #pick(x: number, y: number): Gesture | undefined {
    const { board, stage, selectedId, canWrite } = this.#at;
    const held = selectedId ? board.things.get(selectedId) : undefined;
    if (held && canWrite) {
      const { right, bottom } = frameOf(held);
      if (Math.hypot(x - right, y - bottom) < 22 / stage.view.scale) return shift(board, stage, held, x, y, true);
    }
    const found = this.find(x, y, 10 / stage.view.scale);
    this.#at.selectedId = found?.id ?? null;
    if (!found) return undefined;
    this.#at.onsay(this.told(found));
    return canWrite ? shift(board, stage, found, x, y, false) : undefined;
  }
}
