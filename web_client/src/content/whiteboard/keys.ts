import { t } from '../../catalogue';
import type { Thing } from '../../docs/board';
import { isDrawn, resized } from './gestures';
import type { Hand, Workplace } from './hand';
import type { Hands } from './hands';
import { boxOf, frameOf } from './shapes';
import { TOOLS } from './tools';

const STEP = 20;
const NUDGE = 10;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What keys need besides what every hand does. */
export interface Pages {
  fit(): void;
  /** To the next page of what lies under the board, or back; false: there is none. */
  turn(step: number): boolean;
}

/** All that pointers do on the board, by keys: the arrows move a cross, the space bar puts the hand down there. */
export class Keys {
  readonly #at: Workplace;
  readonly #hand: Hand;
  readonly #pages: Pages;
  readonly #hands: () => Hands | null;
  #cross = { x: 0, y: 0 };

  constructor(at: Workplace, hand: Hand, pages: Pages, hands: () => Hands | null) {
    this.#at = at;
    this.#hand = hand;
    this.#pages = pages;
    this.#hands = hands;
  }

  press(event: KeyboardEvent): void {
    const { board, canWrite, tool } = this.#at;
    const arrow = ARROWS[event.key];
    const thing = this.#selected();
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 'z' && canWrite) {
      if (event.shiftKey) board.undoing.redo();
      else board.undoing.undo();
    } else if (command && event.key.toLowerCase() === 'y' && canWrite) board.undoing.redo();
    else if (command || event.altKey) return;
    else if (arrow && thing && tool === 'select' && canWrite) this.#nudge(thing, arrow, event.shiftKey);
    else if (arrow) this.#moveCross(arrow, event.shiftKey);
    else if (event.key === ' ' || event.key === 'Enter') this.#putDown(thing, event.key === 'Enter');
    else if ((event.key === 'Delete' || event.key === 'Backspace') && thing && canWrite) this.#remove(thing);
    else if (event.key === 'PageDown' || event.key === 'PageUp') {
      const step = event.key === 'PageDown' ? 1 : -1;
      if (event.shiftKey || !this.#pages.turn(step)) this.#next(step);
    } else if (!this.#look(event.key) && !this.#leave(event.key) && !this.#take(event.key)) return;
    event.preventDefault();
  }

  /** The keys go elsewhere: the hand is lifted, and the cross is gone. */
  blur(): void {
    this.#hand.lift(true);
    this.#at.stage.cross = null;
    this.#at.stage.touch();
  }

  #selected(): Thing | undefined {
    const { board, selectedId } = this.#at;
    return selectedId ? board.things.get(selectedId) : undefined;
  }

  #look(key: string): boolean {
    if (key === '+' || key === '=') this.#at.stage.zoom(1.25);
    else if (key === '-') this.#at.stage.zoom(0.8);
    else if (key === '0') this.#pages.fit();
    else return false;
    return true;
  }

  #leave(key: string): boolean {
    if (key !== 'Escape' || (!this.#hand.isDown && !this.#at.selectedId)) return false;
    this.#hand.lift(false);
    this.#at.selectedId = null;
    return true;
  }

  #take(key: string): boolean {
    const wanted = TOOLS.find((each) => each.key === key.toLowerCase() && (this.#at.canWrite || each.reads));
    if (!wanted) return false;
    this.#at.tool = wanted.name;
    this.#at.onsay(t(wanted.word));
    return true;
  }

  #nudge(thing: Thing, [dx, dy]: [number, number], bySize: boolean): void {
    const { board, stage } = this.#at;
    const [x, y, width, height] = boxOf(thing);
    board.begin();
    board.place(
      thing.id,
      bySize ? resized(thing, dx * NUDGE, dy * NUDGE) : [x + dx * NUDGE, y + dy * NUDGE, width, height],
    );
    const now = board.things.get(thing.id);
    if (!now) return;
    stage.selected = now;
    const at = frameOf(now);
    stage.reveal(at);
    const size = { width: Math.round(at.right - at.left), height: Math.round(at.bottom - at.top) };
    this.#at.onsay(
      bySize ? t('board_size_said', size) : t('board_place_said', { x: Math.round(at.left), y: Math.round(at.top) }),
    );
  }

  #moveCross([dx, dy]: [number, number], far: boolean): void {
    const { stage } = this.#at;
    if (!stage.cross) this.#cross = stage.middle();
    const by = (far ? 5 : 1) * STEP;
    const cross = { x: Math.round(this.#cross.x + dx * by), y: Math.round(this.#cross.y + dy * by) };
    stage.cross = this.#cross = cross;
    stage.reveal({ left: cross.x, top: cross.y, right: cross.x, bottom: cross.y });
    this.#hands()?.point(cross);
    this.#hand.move(cross.x, cross.y, 0.5);
    if (!this.#hand.isDown) this.#at.onsay(t('board_place_said', cross));
  }

  /** The space bar puts the hand down where the cross is, and lifts it again. */
  #putDown(thing: Thing | undefined, opens: boolean): void {
    const { stage, tool } = this.#at;
    if (opens && tool === 'select' && thing) return this.#at.onopen(thing);
    if (!stage.cross) stage.cross = this.#cross = stage.middle();
    if (this.#hand.isDown) {
      this.#hand.lift(true);
      this.#at.onsay(t('board_pen_up'));
    } else {
      this.#hand.down(this.#cross.x, this.#cross.y, null);
      if (this.#hand.isDown && isDrawn(tool)) this.#at.onsay(t('board_pen_down'));
      else this.#hand.lift(true);
    }
    stage.touch();
  }

  #remove(thing: Thing): void {
    this.#at.board.begin();
    this.#at.board.remove([thing.id]);
    this.#at.selectedId = null;
    this.#at.onsay(t('board_removed'));
  }

  #next(step: number): void {
    const things = this.#at.board.sorted();
    if (things.length === 0) return;
    const at = things.findIndex((thing) => thing.id === this.#at.selectedId);
    const found = things[(at < 0 ? (step > 0 ? 0 : things.length - 1) : at + step + things.length) % things.length];
    if (!found) return;
    this.#at.tool = 'select';
    this.#at.selectedId = found.id;
    this.#at.stage.reveal(frameOf(found));
    this.#at.onsay(this.#hand.told(found));
  }
}
