import type { Peer } from '../../protocol/shapes';
import { Reconciler } from '../reconciler';
import { nextStep, SECRET_BYTES, type SenderKey } from './frame_cipher';
import type { FrameGate } from './frame_gate';
import { meetingNumber, OwnKeys } from './sealed_keys';

/** People come and go in crowds, at the beginning and the end of a lesson: one new key for all of them. */
const GATHER_MS = 250;
/** From when a new key was sent until it is used: it has to be there before the first frame that needs it. */
const SPREAD_MS = 250;
const ASK_AGAIN_AFTER_MS = 2_000;
/** Receivers follow the ratchet so far; then a new secret comes. */
const MOST_STEPS = 60;
const MOST_KEYS = 200;

export interface KeyFor {
  peer_id: string;
  sealed: string | null;
}

export interface EncryptionState {
  /** What people compare aloud; null while one is alone, or it is being worked out. */
  number: string | null;
  /** Peers whose voice and picture can't be opened: they brought no key, or another one than the hub told. */
  closed: ReadonlySet<string>;
}

/**
 * Encrypts one person's part of one meeting from end to end: gives the own sender key to everybody who is in, changes it
 * when somebody comes or goes, and knows the keys of the others. Tell it who is in (`setPeers`) and what the hub passes on
 * (`hear`); it sends by `send`, which rejects when that did not work. `close` it with the call.
 */
export class RoomEncryption {
  readonly #roomId: string;
  readonly #keys = OwnKeys.make();
  readonly #gate: FrameGate;
  readonly #send: (keys: KeyFor[]) => Promise<void>;
  readonly #onChange: () => void;
  readonly #spreader: Reconciler;
  /** Of the others: peer id → public key. */
  #peers = new Map<string, string>();
  #peerOfTrack = new Map<string, string>();
  #ownId: string | null = null;
  #key: SenderKey | null = null;
  /** Who has the present key or an earlier step of it. */
  #served = new Set<string>();
  #somebodyLeft = false;
  #asking = new Map<string, ReturnType<typeof setTimeout>>();
  /** Who was asked and has not answered. */
  #silent = new Set<string>();
  #closed = new Set<string>();
  #unkeyed = new Set<string>();
  #number: string | null = null;
  #numbered = '';
  #ended = false;

  constructor(
    roomId: string,
    gate: FrameGate,
    { send, onChange }: { send: (keys: KeyFor[]) => Promise<void>; onChange: () => void },
  ) {
    this.#roomId = roomId;
    this.#gate = gate;
    this.#send = send;
    this.#onChange = onChange;
    this.#spreader = new Reconciler(() => this.#spread());
    gate.onMessage = ({ kind, peerId }) => {
      if (kind === 'missing') this.#ask(peerId);
      else if (kind === 'foreign') this.#note(peerId, false);
      else this.#note(peerId, true);
    };
  }

  async publicKey(): Promise<string> {
    return (await this.#keys).publicKey;
  }

  get state(): EncryptionState {
    return { number: this.#number, closed: new Set([...this.#closed, ...this.#unkeyed]) };
  }

  /** Frames of `sender` leave encrypted or not at all. Call it before the first offer. */
  guardSender(sender: RTCRtpSender, media: 'audio' | 'video'): void {
    this.#gate.encrypt(sender, media);
  }

  /** Frames that come to `receiver` are opened with the keys of whoever `assign` says. */
  guardReceiver(receiver: RTCRtpReceiver, media: 'audio' | 'video'): { assign(trackId: string | null): void } {
    const assign = this.#gate.decrypt(receiver, media);
    return { assign: (trackId) => assign(trackId === null ? null : (this.#peerOfTrack.get(trackId) ?? null)) };
  }

  /** Who is in the meeting besides this person. */
  setPeers(ownId: string, peers: readonly Peer[]): void {
    this.#peerOfTrack = new Map(peers.flatMap(({ peer_id, tracks }) => tracks.map((t) => [t.track_id, peer_id])));
    const found = new Map(peers.flatMap(({ peer_id, public_key }) => (public_key ? [[peer_id, public_key]] : [])));
    for (const [peerId, publicKey] of this.#peers) {
      if (found.get(peerId) !== publicKey) this.#forget(peerId);
    }
    if (this.#ownId !== null && this.#ownId !== ownId) this.#served.clear(); // Keys are sealed for the route between ids.
    this.#ownId = ownId;
    this.#peers = found;
    this.#unkeyed = new Set(peers.flatMap(({ peer_id, public_key }) => (public_key ? [] : [peer_id])));
    this.#spreader.release();
    this.#spreader.request();
    void this.#count();
  }

  /** What the hub passed on; null asks for the own key. */
  async hear(peerId: string, sealed: string | null): Promise<void> {
    const publicKey = this.#peers.get(peerId);
    if (publicKey === undefined || this.#ownId === null) return;
    if (sealed === null) {
      this.#served.delete(peerId);
      this.#spreader.request();
      return;
    }
    try {
      const route = { roomId: this.#roomId, from: peerId, to: this.#ownId };
      const key = await (await this.#keys).open(sealed, publicKey, route);
      if (this.#peers.get(peerId) !== publicKey) return;
      this.#silent.delete(peerId);
      this.#gate.tell({ kind: 'their_key', peerId, key });
    } catch {
      this.#note(peerId, false); // Sealed by somebody else, or for somebody else.
    }
  }

  /** The line is away; what could not be sent is sent after the next `setPeers`. */
  hold(): void {
    this.#spreader.hold();
  }

  close(): void {
    this.#ended = true;
    this.#spreader.close();
    for (const timer of this.#asking.values()) clearTimeout(timer);
    this.#gate.close();
  }

  #forget(peerId: string): void {
    this.#somebodyLeft ||= this.#served.has(peerId);
    this.#served.delete(peerId);
    this.#closed.delete(peerId);
    this.#silent.delete(peerId);
    this.#gate.tell({ kind: 'forget', peerId });
  }

  #note(peerId: string, isOpen: boolean): void {
    if (this.#closed.has(peerId) !== isOpen) return;
    if (isOpen) this.#closed.delete(peerId);
    else if (this.#peers.has(peerId)) this.#closed.add(peerId);
    this.#onChange();
  }

  /** A key got lost on the way, or was told before this person was back. */
  #ask(peerId: string): void {
    if (this.#ended || this.#asking.has(peerId) || !this.#peers.has(peerId)) return;
    if (this.#silent.has(peerId)) this.#note(peerId, false);
    this.#silent.add(peerId);
    this.#asking.set(
      peerId,
      setTimeout(() => this.#asking.delete(peerId), ASK_AGAIN_AFTER_MS),
    );
    this.#send([{ peer_id: peerId, sealed: null }]).catch(() => undefined); // Missing frames ask again.
  }

  /** Gives everybody the key they need, and uses it once they have it. */
  async #spread(): Promise<void> {
    await passing(GATHER_MS);
    const former = this.#key;
    const somebodyLeft = this.#somebodyLeft;
    this.#somebodyLeft = false;
    const missing = [...this.#peers.keys()].filter((peerId) => !this.#served.has(peerId));
    if (former && !somebodyLeft && missing.length === 0) return;
    const isNew = !former || somebodyLeft || former.step >= MOST_STEPS;
    const key = isNew ? draw((former?.epoch ?? 0) + 1) : await nextStep(former);
    const receivers = isNew ? [...this.#peers.keys()] : missing;
    try {
      await this.#give(key, receivers);
    } catch (error) {
      this.#somebodyLeft ||= somebodyLeft;
      throw error;
    }
    if (isNew && former && receivers.length > 0) await passing(SPREAD_MS);
    if (this.#ended) return;
    this.#gate.tell({ kind: 'own_key', key });
    this.#key = key;
    const served = isNew ? receivers : [...this.#served, ...receivers];
    this.#served = new Set(served.filter((peerId) => this.#peers.has(peerId)));
    // Who left while it was sent has it.
    this.#somebodyLeft ||= this.#served.size < new Set(served).size;
    this.#spreader.request();
  }

  async #give(key: SenderKey, receivers: string[]): Promise<void> {
    const from = this.#ownId ?? '';
    const sealed: KeyFor[] = [];
    for (const to of receivers) {
      const publicKey = this.#peers.get(to);
      if (publicKey === undefined) continue;
      try {
        const text = await (await this.#keys).seal(key, publicKey, { roomId: this.#roomId, from, to });
        sealed.push({ peer_id: to, sealed: text });
      } catch {
        this.#note(to, false); // No point of the curve: nothing can be sealed for it.
      }
    }
    for (let at = 0; at < sealed.length; at += MOST_KEYS) await this.#send(sealed.slice(at, at + MOST_KEYS));
  }

  async #count(): Promise<void> {
    const keys = [...this.#peers.values(), await this.publicKey()].sort();
    const counted = keys.join();
    if (counted === this.#numbered) return;
    this.#numbered = counted;
    this.#number = null;
    this.#onChange();
    if (keys.length === 1) return;
    const number = await meetingNumber(this.#roomId, keys);
    if (this.#numbered !== counted || this.#ended) return;
    this.#number = number;
    this.#onChange();
  }
}

const draw = (epoch: number): SenderKey => ({
  epoch,
  step: 0,
  secret: crypto.getRandomValues(new Uint8Array(SECRET_BYTES)),
});

const passing = (time_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time_ms));
