import { SECRET_BYTES, type SenderKey } from './frame_cipher';
import { derive, fromBase64Url, textBytes, toBase64Url, type Bytes } from './key_bytes';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const NONCE_BYTES = 12;
const PLACE_BYTES = 8;
/** So slow that nobody finds two sets of keys with one number while people read it to each other. */
const NUMBER_ROUNDS = 200_000;
const DIGITS = 20;

export interface Route {
  roomId: string;
  /** Peer ids. */
  from: string;
  to: string;
}

/** One person's key pair for one meeting. The private half never leaves the browser, nor this page's memory. */
export class OwnKeys {
  readonly publicKey: string;
  readonly #privateKey: CryptoKey;

  private constructor(publicKey: string, privateKey: CryptoKey) {
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  static async make(): Promise<OwnKeys> {
    const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return new OwnKeys(toBase64Url(raw), pair.privateKey);
  }

  /** For the owner of `publicKey` alone. Rejects when that is no point of the curve. */
  async seal({ epoch, step, secret }: SenderKey, publicKey: string, route: Route): Promise<string> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const plain = new Uint8Array(PLACE_BYTES + SECRET_BYTES);
    const view = new DataView(plain.buffer);
    view.setUint32(0, epoch);
    view.setUint32(4, step);
    plain.set(secret, PLACE_BYTES);
    const key = await this.#keyWith(publicKey, route);
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, plain));
    return toBase64Url(Uint8Array.of(...nonce, ...sealed));
  }

  /** Rejects when it was not sealed by the owner of `publicKey` for this one and this route. */
  async open(sealed: string, publicKey: string, route: Route): Promise<SenderKey> {
    const bytes = fromBase64Url(sealed);
    const how = { name: 'AES-GCM', iv: bytes.subarray(0, NONCE_BYTES) };
    const key = await this.#keyWith(publicKey, route);
    const plain = new Uint8Array(await crypto.subtle.decrypt(how, key, bytes.subarray(NONCE_BYTES)));
    if (plain.length !== PLACE_BYTES + SECRET_BYTES) throw new RangeError('A sealed key has 24 bytes.');
    const view = new DataView(plain.buffer);
    return { epoch: view.getUint32(0), step: view.getUint32(4), secret: plain.slice(PLACE_BYTES) };
  }

  async #keyWith(publicKey: string, { roomId, from, to }: Route): Promise<CryptoKey> {
    const theirs = await crypto.subtle.importKey('raw', fromBase64Url(publicKey), CURVE, false, []);
    const shared = new Uint8Array(
      await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, this.#privateKey, 256),
    );
    const raw = await derive(shared, textBytes(['sealed key', roomId, from, to].join('\0')), 16);
    return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  }
}

/** The digits that everybody in a meeting sees alike, unless somebody was given another person's key. */
export async function meetingNumber(roomId: string, publicKeys: Iterable<string>): Promise<string> {
  const keys: Bytes = textBytes([...publicKeys].sort().join('\n'));
  const secret = await crypto.subtle.importKey('raw', keys, 'PBKDF2', false, ['deriveBits']);
  const salt = textBytes(`meeting number ${roomId}`);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: NUMBER_ROUNDS };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, secret, 80));
  const number = bits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % 10n ** BigInt(DIGITS);
  return number
    .toString()
    .padStart(DIGITS, '0')
    .replace(/(.{4})(?=.)/g, '$1 ');
}
