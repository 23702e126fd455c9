import { FrameCipher, nextStep, readTrailer, type SenderKey } from './frame_cipher';
import type { Bytes } from './key_bytes';

/** Steps that are tried ahead of the known one: as many people as come in before a sender draws a new secret. */
const MOST_STEPS_AHEAD = 64;
/** How long frames of a former key are still opened: those that were on their way when it changed. */
const FORMER_KEY_MS = 4_000;

interface Held {
  key: SenderKey;
  cipher: FrameCipher;
  endsAt_ms: number;
}

/** What one peer's frames are opened with: the key it told, the steps that follow from it, and for a moment the former. */
export class ReceivedKeys {
  #held: Held[] = [];
  #newest: SenderKey | null = null;

  /** A key that the peer told; one of an earlier epoch than is known is passed over. */
  async add(key: SenderKey, now_ms: number): Promise<void> {
    const newest = this.#newest;
    if (newest && (key.epoch < newest.epoch || (key.epoch === newest.epoch && key.step <= newest.step))) return;
    await this.#hold(key, now_ms);
  }

  /** `missing`: the frame needs a key that the peer has not told. `null`: it is not what the peer encrypted. */
  async open(frame: Bytes, now_ms: number): Promise<Bytes | null | 'missing'> {
    const trailer = readTrailer(frame);
    if (!trailer) return null;
    this.#held = this.#held.filter(({ endsAt_ms }) => endsAt_ms > now_ms);
    const held = this.#held.find(
      ({ key }) => (key.epoch & 0xff) === trailer.epoch && (key.step & 0xff) === trailer.step,
    );
    if (held) return held.cipher.decrypt(frame, trailer);
    const newest = this.#newest;
    if (!newest || (newest.epoch & 0xff) !== trailer.epoch) return 'missing';
    const ahead = (trailer.step - newest.step) & 0xff;
    if (ahead > MOST_STEPS_AHEAD) return 'missing';
    let key = newest;
    for (let i = 0; i < ahead; i++) key = await nextStep(key);
    const cipher = await FrameCipher.of(key);
    const opened = await cipher.decrypt(frame, trailer);
    // Anybody can write a trailer: the ratchet only moves for a frame that was the peer's.
    if (opened && this.#newest === newest) await this.#hold(key, now_ms, cipher);
    return opened;
  }

  async #hold(key: SenderKey, now_ms: number, cipher?: FrameCipher): Promise<void> {
    const held = { key, cipher: cipher ?? (await FrameCipher.of(key)), endsAt_ms: Infinity };
    this.#newest = key;
    for (const former of this.#held) former.endsAt_ms = Math.min(former.endsAt_ms, now_ms + FORMER_KEY_MS);
    this.#held.push(held);
  }
}
