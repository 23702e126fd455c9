/** Levels are 0–1 as in WebRTC statistics; a voice at a laptop is about 0.05–0.4, a quiet room below 0.01. */
const SPEAKING_LEVEL = 0.02;
const STILL_SPEAKING_MS = 900;
const STAY_ACTIVE_MS = 2_000;

export interface Speakers {
  speaking: ReadonlySet<string>;
  /** Who is shown large in the corner: the last one who clearly spoke. */
  active: string | null;
}

/** Who speaks, from repeated levels; oneself speaks too, but is never the active one. A breath doesn't end a speech, and the picture doesn't jump between voices. */
export class SpeakerWatch {
  readonly #lastHeardAt_ms = new Map<string, number>();
  #active: string | null = null;
  #activeSince_ms = -Infinity;

  hear(levels: ReadonlyMap<string, number>, now_ms: number, ownId: string | null = null): Speakers {
    for (const id of this.#lastHeardAt_ms.keys()) if (!levels.has(id)) this.#lastHeardAt_ms.delete(id);
    for (const [id, level] of levels) if (level >= SPEAKING_LEVEL) this.#lastHeardAt_ms.set(id, now_ms);
    const speaking = new Set(
      [...this.#lastHeardAt_ms].filter(([, at_ms]) => now_ms - at_ms <= STILL_SPEAKING_MS).map(([id]) => id),
    );
    if (this.#active !== null && !levels.has(this.#active)) this.#active = null;
    const activeSpeaks = this.#active !== null && speaking.has(this.#active);
    if (this.#active === null || (!activeSpeaks && now_ms - this.#activeSince_ms >= STAY_ACTIVE_MS)) {
      const loudest = [...speaking]
        .filter((id) => id !== ownId)
        .sort((a, b) => (levels.get(b) ?? 0) - (levels.get(a) ?? 0))[0];
      if (loudest !== undefined) {
        this.#active = loudest;
        this.#activeSince_ms = now_ms;
      }
    }
    return { speaking, active: this.#active };
  }
}
