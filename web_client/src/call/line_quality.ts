import type { Trouble } from './ladder';

export type LineQuality = 'good' | 'weak_up' | 'weak_down';

/** Counters since a connection began, and the latest measure of the way there and back. */
export interface LineSample {
  received: number;
  lost: number;
  /** Share of our packets that the hub reported lost, 0–1. */
  upwardLoss: number;
  roundTrip_ms: number;
  /** Samples of sound that were played, and those among them that had to be made up. */
  played: number;
  madeUp: number;
}

/** What the machine itself can't keep up with. */
export interface MachineSample {
  /** The camera is encoded smaller or slower because the processor has no time for more. */
  encoderLimited: boolean;
  /** Pictures that came, and those among them that were not shown in time. */
  pictures: number;
  dropped: number;
}

const WEAK_LOSS = 0.05;
const WEAK_ROUND_TRIP_MS = 600;
/** Beyond it no repair keeps pictures whole, and what they take is better left to the voice. */
const HEAVY_LOSS = 0.1;
/** A voice with more gaps than this can't be followed. */
const BROKEN_VOICE = 0.3;
/** A second's worth of sound: less says nothing. */
const ENOUGH_SAMPLES = 48_000;
const BUSY_DROPPED = 0.25;
const ENOUGH_PICTURES = 20;
/** Timers late by so much, on average: other work keeps the page from its own. */
const BUSY_LATE_MS = 1_000;
/** So much counts only where the camera's encoder gets too little time as well: by itself it adapts, and that is enough. */
const LATE_MS = 250;
/** Samples in a row before the words change: a single bad second is nobody's business. */
const IN_A_ROW = 3;

/** Turns repeated samples into a judgement calm enough to be shown to people. */
export class LineWatch {
  #last: LineSample | null = null;
  #shown: LineQuality = 'good';
  #candidate: LineQuality = 'good';
  #count = 0;
  /** Of what comes: judged from the last two samples alone. */
  downward: Trouble = 'none';

  judge(sample: LineSample): LineQuality {
    const loss = this.#downwardLoss(sample);
    const quality = qualityOf(sample, loss);
    this.downward = this.#isVoiceBroken(sample) ? 'voice' : loss > HEAVY_LOSS ? 'pictures' : 'none';
    this.#last = sample;
    this.#count = quality === this.#candidate ? this.#count + 1 : 1;
    this.#candidate = quality;
    if (this.#count >= IN_A_ROW) this.#shown = quality;
    return this.#shown;
  }

  #downwardLoss(sample: LineSample): number {
    const last = this.#last;
    if (!last || sample.received < last.received) return 0;
    const lost = Math.max(0, sample.lost - last.lost);
    const received = sample.received - last.received;
    return lost + received > 0 ? lost / (lost + received) : 0;
  }

  #isVoiceBroken(sample: LineSample): boolean {
    const last = this.#last;
    if (!last || sample.played - last.played < ENOUGH_SAMPLES) return false;
    return (sample.madeUp - last.madeUp) / (sample.played - last.played) > BROKEN_VOICE;
  }
}

function qualityOf(sample: LineSample, downwardLoss: number): LineQuality {
  if (sample.upwardLoss > WEAK_LOSS) return 'weak_up';
  return downwardLoss > WEAK_LOSS || sample.roundTrip_ms > WEAK_ROUND_TRIP_MS ? 'weak_down' : 'good';
}

/** Whether the machine, and not the line, is what a meeting suffers from. */
export class MachineWatch {
  #last: MachineSample | null = null;
  #busyInARow = 0;

  /** `late_ms`: by how much timers came late on average; of a hidden page nothing can be said. */
  judge(sample: MachineSample, late_ms: number): boolean {
    const last = this.#last;
    const pictures = last ? sample.pictures - last.pictures : 0;
    const dropped = last ? sample.dropped - last.dropped : 0;
    this.#last = sample;
    const drops = pictures >= ENOUGH_PICTURES && dropped / pictures > BUSY_DROPPED;
    const busy = drops || late_ms > (sample.encoderLimited ? LATE_MS : BUSY_LATE_MS);
    this.#busyInARow = busy ? this.#busyInARow + 1 : 0;
    return this.#busyInARow >= IN_A_ROW;
  }
}
