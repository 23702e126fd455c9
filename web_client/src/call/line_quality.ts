export type LineQuality = 'good' | 'weak_up' | 'weak_down';

/** Counters since a connection began, and the latest measure of the way there and back. */
export interface LineSample {
  received: number;
  lost: number;
  /** Share of our packets that the hub reported lost, 0–1. */
  upwardLoss: number;
  roundTrip_ms: number;
}

const WEAK_LOSS = 0.05;
const WEAK_ROUND_TRIP_MS = 600;
/** Samples in a row before the words change: a single bad second is nobody's business. */
const IN_A_ROW = 3;

/** Turns repeated samples into a judgement calm enough to be shown to people. */
export class LineWatch {
  #last: LineSample | null = null;
  #shown: LineQuality = 'good';
  #candidate: LineQuality = 'good';
  #count = 0;

  judge(sample: LineSample): LineQuality {
    const quality = this.#quality(sample);
    this.#last = sample;
    this.#count = quality === this.#candidate ? this.#count + 1 : 1;
    this.#candidate = quality;
    if (this.#count >= IN_A_ROW) this.#shown = quality;
    return this.#shown;
  }

  #quality(sample: LineSample): LineQuality {
    const last = this.#last;
    const restarted = !last || sample.received < last.received;
    const lost = restarted ? 0 : Math.max(0, sample.lost - last.lost);
    const received = restarted ? 0 : sample.received - last.received;
    if (sample.upwardLoss > WEAK_LOSS) return 'weak_up';
    const downwardLoss = lost + received > 0 ? lost / (lost + received) : 0;
    return downwardLoss > WEAK_LOSS || sample.roundTrip_ms > WEAK_ROUND_TRIP_MS ? 'weak_down' : 'good';
  }
}
