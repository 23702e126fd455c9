import { WHOLE_LINE, type ReceivedLine } from './call_state';
import { Ladder, lower, RUNGS, type Rung, type Trouble } from './ladder';
import { LineWatch, MachineWatch, type LineQuality } from './line_quality';
import type { CallStatistics } from './statistics';

/** The hub's word has to hold so long before it is passed on: a line that is being tried out is no news. */
const TOLD_FOR_MS = 4_000;

/**
 * How well this person's line and machine carry the meeting, which rung of the ladder is reached for that, and why.
 * The hub itself keeps pictures from a narrow line; what it can't see, the page steps down for.
 */
export class OwnLine {
  quality = $state<LineQuality>('good');
  /** What is still received. */
  received = $state<Rung>('whole');
  /** The own camera is not sent, so that the voice gets through. */
  cameraHeld = $state(false);
  cause = $state<'line' | 'machine'>('line');
  #watch = new LineWatch();
  #machine = new MachineWatch();
  #down = new Ladder();
  #up = new Ladder('fewer');
  #ownCause: 'line' | 'machine' = 'line';
  #told: Rung = 'whole';
  #toldSince_ms = 0;
  #passedOn: Rung = 'whole';

  /** The rung that the page itself has to obey; for the others the hub has done what was to be done. */
  get own(): Rung {
    return this.#down.rung;
  }

  /** `shown`: how many pictures of others the page wants; `late_ms`: by how much its timers come late. */
  judge(
    { line, machine }: CallStatistics,
    told: ReceivedLine,
    place: { shown: number; late_ms: number; sendsCamera: boolean },
    now_ms: number,
  ): void {
    this.quality = this.#watch.judge(line);
    const busy = this.#machine.judge(machine, place.late_ms);
    const downward: Trouble = busy && this.#watch.downward === 'none' ? 'pictures' : this.#watch.downward;
    const own = this.#down.judge(downward, now_ms);
    const upward = this.quality === 'weak_up' && (place.sendsCamera || this.cameraHeld);
    this.cameraHeld = this.#up.judge(upward ? 'pictures' : 'none', now_ms) !== 'whole';
    const byHub = this.#steady(rungOf(told, place.shown), now_ms);
    this.received = lower(own, byHub);
    if (this.#watch.downward !== 'none') this.#ownCause = 'line';
    else if (busy) this.#ownCause = 'machine';
    this.cause = RUNGS.indexOf(own) >= RUNGS.indexOf(byHub) && own !== 'whole' ? this.#ownCause : 'line';
  }

  /** The person wants everything back now; what the hub keeps from a narrow line stays away all the same. */
  climb(now_ms: number): void {
    this.#down.climb(now_ms);
    this.#up.climb(now_ms);
    this.received = this.#passedOn;
    this.cameraHeld = false;
  }

  /** For the next call. */
  forget(): void {
    this.quality = 'good';
    this.received = this.#told = this.#passedOn = 'whole';
    this.cameraHeld = false;
    this.#watch = new LineWatch();
    this.#machine = new MachineWatch();
    this.#down = new Ladder();
    this.#up = new Ladder('fewer');
  }

  #steady(told: Rung, now_ms: number): Rung {
    if (told !== this.#told) {
      this.#told = told;
      this.#toldSince_ms = now_ms;
    }
    // That pictures are gone is seen at once, and so is why.
    if (told === 'voice' || now_ms - this.#toldSince_ms >= TOLD_FOR_MS) this.#passedOn = told;
    return this.#passedOn;
  }
}

/** What the hub keeps back, as a rung. Too many cameras are no trouble of the line: `narrowed` tells them apart. */
export function rungOf(told: ReceivedLine = WHOLE_LINE, shown: number): Rung {
  if (told.soundOnly) return 'voice';
  if (!told.narrowed) return 'whole';
  return shown > 1 && told.paused.size >= shown - 1 ? 'speaker' : 'fewer';
}

/** Whether pictures of this many are still wanted at that rung. */
export const wantsPictures = (rung: Rung): boolean => RUNGS.indexOf(rung) < RUNGS.indexOf('voice');
