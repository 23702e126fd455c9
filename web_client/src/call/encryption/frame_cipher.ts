import { derive, textBytes, type Bytes } from './key_bytes';

/**
 * A sender's key at one moment. `epoch` grows when somebody has left, and with it comes a secret that they never had;
 * `step` grows when somebody has come, and with it comes the next secret of the ratchet, which opens nothing earlier.
 */
export interface SenderKey {
  epoch: number;
  step: number;
  secret: Bytes;
}

export const SECRET_BYTES = 16;
const COUNTER_BYTES = 4;
/** Counter, lowest byte of epoch and of step, number of clear bytes. */
export const TRAILER_BYTES = COUNTER_BYTES + 3;
const TAG_BYTES = 16;
const MOST_CLEAR_BYTES = 16;
const LAST_COUNTER = 2 ** 32 - 1;
/** Numbers remembered, so that no frame is opened twice: those of some twenty seconds with camera, voice and screen. */
const REMEMBERED = 4_096;

/** The key of the next step: known to whoever has this one, and of no use for earlier frames. */
export async function nextStep({ epoch, step, secret }: SenderKey): Promise<SenderKey> {
  return { epoch, step: step + 1, secret: await derive(secret, textBytes('step'), SECRET_BYTES) };
}

/**
 * The bytes that have to stay readable: packetizers and the hub read from them what a frame is (VP8: key frame and size,
 * RFC 6386 section 9.1; Opus: the TOC byte, RFC 6716 section 3.1), and nothing of picture or voice.
 */
export function clearBytes(kind: 'audio' | 'video', isKeyFrame: boolean): number {
  if (kind === 'audio') return 1;
  return isKeyFrame ? 10 : 3;
}

export interface Trailer {
  counter: number;
  /** The lowest bytes. */
  epoch: number;
  step: number;
  clear: number;
}

/** What stands at the end of an encrypted frame; null: it is none. */
export function readTrailer(frame: Bytes): Trailer | null {
  if (frame.length < TRAILER_BYTES + TAG_BYTES) return null;
  const view = new DataView(frame.buffer, frame.byteOffset + frame.length - TRAILER_BYTES, TRAILER_BYTES);
  const clear = view.getUint8(6);
  if (clear > MOST_CLEAR_BYTES || clear + TAG_BYTES + TRAILER_BYTES > frame.length) return null;
  return { counter: view.getUint32(0), epoch: view.getUint8(4), step: view.getUint8(5), clear };
}

/** Encrypts and opens frames under one sender key. AES-128-GCM; nonce and derivation as SFrame has them (RFC 9605). */
export class FrameCipher {
  readonly #key: CryptoKey;
  readonly #salt: Bytes;
  readonly #place: { epoch: number; step: number };
  readonly #seen = new Uint32Array(REMEMBERED);
  #counter = 0;
  #newest = 0;

  private constructor(key: CryptoKey, salt: Bytes, place: { epoch: number; step: number }) {
    this.#key = key;
    this.#salt = salt;
    this.#place = place;
  }

  static async of({ epoch, step, secret }: SenderKey): Promise<FrameCipher> {
    const [key, salt] = await Promise.all([
      derive(secret, textBytes('frame key'), 16),
      derive(secret, textBytes('frame salt'), 12),
    ]);
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return new FrameCipher(imported, salt, { epoch, step });
  }

  /** Throws when the key is used up, which takes a year. */
  async encrypt(frame: Bytes, clear: number): Promise<Bytes> {
    if (this.#counter >= LAST_COUNTER) throw new RangeError('This key is used up.');
    const counter = ++this.#counter;
    const open = Math.min(clear, frame.length);
    const trailer = new Uint8Array(TRAILER_BYTES);
    new DataView(trailer.buffer).setUint32(0, counter);
    trailer.set([this.#place.epoch & 0xff, this.#place.step & 0xff, open], COUNTER_BYTES);
    const head = frame.subarray(0, open);
    const sealed = await crypto.subtle.encrypt(this.#how(counter, head, trailer), this.#key, frame.subarray(open));
    return join(head, new Uint8Array(sealed), trailer);
  }

  /** The frame as it was; null when it is not of this key, was changed on the way, or was opened before. */
  async decrypt(frame: Bytes, { counter, clear }: Trailer): Promise<Bytes | null> {
    if (this.#isOld(counter)) return null;
    const head = frame.subarray(0, clear);
    const trailer = frame.subarray(frame.length - TRAILER_BYTES);
    const sealed = frame.subarray(clear, frame.length - TRAILER_BYTES);
    try {
      const opened = await crypto.subtle.decrypt(this.#how(counter, head, trailer), this.#key, sealed);
      // While it was opened, the same frame may have been.
      if (this.#isOld(counter)) return null;
      this.#remember(counter);
      return join(head, new Uint8Array(opened));
    } catch {
      return null;
    }
  }

  #isOld(counter: number): boolean {
    if (counter === 0 || counter + REMEMBERED <= this.#newest) return true;
    return this.#seen[counter % REMEMBERED] === counter;
  }

  #remember(counter: number): void {
    this.#seen[counter % REMEMBERED] = counter;
    this.#newest = Math.max(this.#newest, counter);
  }

  #how(counter: number, head: Bytes, trailer: Bytes): AesGcmParams {
    const iv = this.#salt.slice();
    const view = new DataView(iv.buffer);
    view.setUint32(8, (view.getUint32(8) ^ counter) >>> 0);
    return { name: 'AES-GCM', iv, additionalData: join(head, trailer) };
  }
}

function join(...parts: Bytes[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
