import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearBytes, FrameCipher, nextStep, readTrailer, type SenderKey } from '../../src/call/encryption/frame_cipher';
import type { FrameGate } from '../../src/call/encryption/frame_gate';
import { ReceivedKeys } from '../../src/call/encryption/received_keys';
import { RoomEncryption, type KeyFor } from '../../src/call/encryption/room_encryption';
import { meetingNumber, OwnKeys } from '../../src/call/encryption/sealed_keys';
import type { FromWorker, ToWorker } from '../../src/call/encryption/worker_messages';
import type { Peer } from '../../src/protocol/shapes';
import { aPeer, aTrack } from './fakes';

const aKey = (epoch = 1, step = 0): SenderKey => ({
  epoch,
  step,
  secret: crypto.getRandomValues(new Uint8Array(16)),
});
const FRAME = Uint8Array.from({ length: 300 }, (_, i) => i % 251);
const VIDEO = clearBytes('video', true);

describe('a frame', () => {
  it('comes out as it went in, keeps what the hub reads, and hides the rest', async () => {
    const cipher = await FrameCipher.of(aKey());
    const sealed = await cipher.encrypt(FRAME, VIDEO);
    expect(sealed.subarray(0, VIDEO)).toEqual(FRAME.subarray(0, VIDEO));
    expect(readTrailer(sealed)).toMatchObject({ counter: 1, epoch: 1, step: 0, clear: VIDEO });
    const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
    expect(text(sealed)).not.toContain(text(FRAME.subarray(VIDEO, VIDEO + 8)));
    expect(await new Opener(cipher).open(sealed)).toEqual(FRAME);
  });

  it.each([1, 2, 10])('of %i bytes is encrypted too', async (length) => {
    const cipher = await FrameCipher.of(aKey());
    const frame = FRAME.slice(0, length);
    expect(await new Opener(cipher).open(await cipher.encrypt(frame, VIDEO))).toEqual(frame);
  });

  it('is opened once, in any order', async () => {
    const cipher = await FrameCipher.of(aKey());
    const frames = [];
    for (let i = 0; i < 5; i++) frames.push(await cipher.encrypt(FRAME, 1));
    const opener = new Opener(cipher);
    for (const frame of [...frames].reverse()) expect(await opener.open(frame)).toEqual(FRAME);
    for (const frame of frames) expect(await opener.open(frame)).toBeNull();
  });

  it('that somebody changed is not opened, wherever they changed it', async () => {
    const key = aKey();
    const sealed = await (await FrameCipher.of(key)).encrypt(FRAME, VIDEO);
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await new Opener(await FrameCipher.of(key)).open(changed)).toBeNull();
    }
  });

  it('that was never encrypted is not opened', async () => {
    const keys = new ReceivedKeys();
    await keys.add(aKey(), 0);
    for (const bytes of [new Uint8Array(), FRAME.slice(0, 10)]) expect(await keys.open(bytes, 0)).toBeNull();
    expect(await keys.open(FRAME, 0)).not.toBeInstanceOf(Uint8Array);
  });
});

class Opener {
  readonly #cipher: FrameCipher;

  constructor(cipher: FrameCipher) {
    this.#cipher = cipher;
  }

  async open(frame: Uint8Array<ArrayBuffer>) {
    const trailer = readTrailer(frame);
    return trailer ? this.#cipher.decrypt(frame, trailer) : null;
  }
}

describe('the keys of a peer', () => {
  it('follow its ratchet, and do not lead back', async () => {
    const first = aKey();
    const third = await nextStep(await nextStep(first));
    const early = await (await FrameCipher.of(first)).encrypt(FRAME, 1);
    const late = await (await FrameCipher.of(third)).encrypt(FRAME, 1);
    const there = new ReceivedKeys();
    await there.add(first, 0);
    expect(await there.open(early, 0)).toEqual(FRAME);
    expect(await there.open(late, 1)).toEqual(FRAME);
    const newcomer = new ReceivedKeys();
    await newcomer.add(third, 0);
    expect(await newcomer.open(late, 0)).toEqual(FRAME);
    expect(await newcomer.open(early, 0)).toBe('missing');
  });

  it('are not moved by a trailer that somebody else wrote', async () => {
    const key = aKey();
    const sender = await FrameCipher.of(key);
    const forged = await sender.encrypt(FRAME, 1);
    forged[forged.length - 2] = 40;
    const keys = new ReceivedKeys();
    await keys.add(key, 0);
    expect(await keys.open(forged, 0)).toBeNull();
    expect(await keys.open(await sender.encrypt(FRAME, 1), 10_000)).toEqual(FRAME);
  });

  it('open what was on its way when they changed, for a moment, and no earlier epoch comes back', async () => {
    const [old, fresh] = [aKey(1), aKey(2)];
    const sender = await FrameCipher.of(old);
    const keys = new ReceivedKeys();
    await keys.add(old, 0);
    await keys.add(fresh, 1_000);
    expect(await keys.open(await sender.encrypt(FRAME, 1), 2_000)).toEqual(FRAME);
    expect(await keys.open(await sender.encrypt(FRAME, 1), 9_000)).toBe('missing');
    await keys.add(old, 9_000);
    expect(await keys.open(await sender.encrypt(FRAME, 1), 9_000)).toBe('missing');
  });
});

describe('a sealed key', () => {
  it('is opened by whom it is for, on its way, and by nobody else', async () => {
    const [ana, ola, hub] = await Promise.all([OwnKeys.make(), OwnKeys.make(), OwnKeys.make()]);
    const route = { roomId: 'room', from: 'ana', to: 'ola' };
    const key = aKey(3, 7);
    const sealed = await ana.seal(key, ola.publicKey, route);
    expect(sealed.length).toBeLessThan(256);
    expect(await ola.open(sealed, ana.publicKey, route)).toEqual(key);
    await expect(hub.open(sealed, ana.publicKey, route)).rejects.toThrow();
    await expect(ola.open(sealed, hub.publicKey, route)).rejects.toThrow();
    for (const other of [
      { ...route, from: 'eva' },
      { ...route, roomId: 'another' },
    ]) {
      await expect(ola.open(sealed, ana.publicKey, other)).rejects.toThrow();
    }
  });

  it('has a public key of the form that the hub takes', async () => {
    expect((await OwnKeys.make()).publicKey).toMatch(/^B[A-Za-z0-9_-]{86}$/);
  });
});

describe('the number of a meeting', () => {
  it('is the same for all who see the same keys, in any order, and another one otherwise', async () => {
    const [a, b, c] = ['Ba', 'Bb', 'Bc'];
    const number = await meetingNumber('room', [a, b]);
    expect(number).toMatch(/^(\d{4} ){4}\d{4}$/);
    expect(await meetingNumber('room', [b, a])).toBe(number);
    expect(await meetingNumber('room', [a, c])).not.toBe(number);
    expect(await meetingNumber('another', [a, b])).not.toBe(number);
  });
});

/** Opens what others send as the worker does. */
class FakeGate implements FrameGate {
  onMessage: (message: FromWorker) => void = () => undefined;
  own: SenderKey | null = null;
  readonly theirs = new Map<string, ReceivedKeys>();
  #work = Promise.resolve();

  encrypt(): void {
    return;
  }

  decrypt(): () => void {
    return () => undefined;
  }

  tell(message: ToWorker): void {
    if (message.kind === 'own_key') this.own = message.key;
    else if (message.kind === 'forget') this.theirs.delete(message.peerId);
    else if (message.kind === 'their_key') {
      const keys = this.theirs.get(message.peerId) ?? new ReceivedKeys();
      this.theirs.set(message.peerId, keys);
      this.#work = this.#work.then(() => keys.add(message.key, 0));
    }
  }

  close(): void {
    return;
  }

  async reads(peerId: string, frame: Uint8Array<ArrayBuffer>): Promise<boolean> {
    await this.#work;
    return (await this.theirs.get(peerId)?.open(frame, 0)) instanceof Uint8Array;
  }
}

/** A hub that passes on what it is given, and may lie about public keys. */
class Room {
  readonly members = new Map<string, { encryption: RoomEncryption; gate: FakeGate }>();
  lost = false;
  /** A sender counts on under a key: what is opened once is not opened again. */
  readonly #ciphers = new Map<SenderKey, FrameCipher>();
  seenAs: (viewer: string, peerId: string, publicKey: string) => string = (_viewer, _id, key) => key;

  async join(id: string): Promise<void> {
    const gate = new FakeGate();
    const send = async (keys: KeyFor[]) => {
      if (this.lost) throw new Error('no answer');
      for (const { peer_id, sealed } of keys) void this.members.get(peer_id)?.encryption.hear(id, sealed);
    };
    const encryption = new RoomEncryption('room', gate, { send, onChange: () => undefined });
    this.members.set(id, { encryption, gate });
    await this.tell();
  }

  async leave(id: string): Promise<{ encryption: RoomEncryption; gate: FakeGate }> {
    const gone = this.of(id);
    this.members.delete(id);
    await this.tell();
    return gone;
  }

  of(id: string): { encryption: RoomEncryption; gate: FakeGate } {
    const member = this.members.get(id);
    if (!member) throw new Error(id);
    return member;
  }

  async tell(): Promise<void> {
    const keys = new Map<string, string>();
    for (const [id, { encryption }] of this.members) keys.set(id, await encryption.publicKey());
    for (const [viewer, { encryption }] of this.members) {
      const others = [...keys].filter(([id]) => id !== viewer);
      const peers = others.map(([id, key]): Peer => {
        return { ...aPeer(id, [aTrack(`${id}-camera`, 'camera')]), public_key: this.seenAs(viewer, id, key) };
      });
      encryption.setPeers(viewer, peers);
    }
  }

  async frameOf(id: string): Promise<Uint8Array<ArrayBuffer>> {
    const { own } = this.of(id).gate;
    if (!own) throw new Error(`${id} sends nothing`);
    const cipher = this.#ciphers.get(own) ?? (await FrameCipher.of(own));
    this.#ciphers.set(own, cipher);
    return cipher.encrypt(FRAME, 1);
  }

  async hears(viewer: string, id: string): Promise<boolean> {
    return this.of(viewer).gate.reads(id, await this.frameOf(id));
  }
}

describe('a meeting', { timeout: 60_000 }, () => {
  let room: Room;
  beforeEach(() => (room = new Room()));
  afterEach(() => {
    for (const { encryption } of room.members.values()) encryption.close();
  });
  const soon = { timeout: 30_000, interval: 50 };
  const all = async (ids: string[]) => {
    for (const viewer of ids) for (const id of ids) if (id !== viewer && !(await room.hears(viewer, id))) return false;
    return true;
  };

  it('is read by everybody in it; a newcomer reads nothing earlier, and who left nothing later', async () => {
    await room.join('ana');
    await room.join('ola');
    await vi.waitFor(async () => expect(await all(['ana', 'ola'])).toBe(true), soon);
    const before = await room.frameOf('ana');
    await room.join('eva');
    await vi.waitFor(async () => expect(await all(['ana', 'ola', 'eva'])).toBe(true), soon);
    expect(await room.of('eva').gate.reads('ana', before)).toBe(false);
    const gone = await room.leave('eva');
    await vi.waitFor(async () => {
      expect(room.of('ana').gate.own?.epoch).toBe(2);
      expect(await all(['ana', 'ola'])).toBe(true);
    }, soon);
    expect(await gone.gate.reads('ana', await room.frameOf('ana'))).toBe(false);
  });

  it('shows everybody the same number, and another one where the hub swapped a key', async () => {
    const hubs = await OwnKeys.make();
    await room.join('ana');
    await room.join('ola');
    const numbers = () => [...room.members.values()].map(({ encryption }) => encryption.state.number);
    await vi.waitFor(() => expect(numbers()).not.toContain(null), soon);
    expect(new Set(numbers()).size).toBe(1);
    const honest = numbers()[0];
    room.seenAs = (viewer, id, key) => (viewer === 'ana' && id === 'ola' ? hubs.publicKey : key);
    await room.tell();
    await vi.waitFor(() => expect(numbers()).not.toContain(null), soon);
    expect(room.of('ola').encryption.state.number).toBe(honest);
    expect(room.of('ana').encryption.state.number).not.toBe(honest);
    // What Ola sealed for Ana does not open with the hub's key: Ana is told that she can't read Ola.
    room.of('ana').gate.onMessage({ kind: 'missing', peerId: 'ola' });
    await vi.waitFor(() => expect(room.of('ana').encryption.state.closed.has('ola')).toBe(true), soon);
  });

  it('gets keys to people after the line was away, and to who lost theirs', async () => {
    await room.join('ana');
    room.lost = true;
    await room.join('ola');
    await vi.waitFor(() => expect(room.of('ola').gate.own).toBeNull(), soon);
    room.lost = false;
    await vi.waitFor(async () => expect(await all(['ana', 'ola'])).toBe(true), soon);
    room.of('ola').gate.theirs.clear();
    room.of('ola').gate.onMessage({ kind: 'missing', peerId: 'ana' });
    await vi.waitFor(async () => expect(await room.hears('ola', 'ana')).toBe(true), soon);
  });

  it('says of whom it has no key', async () => {
    await room.join('ana');
    room.of('ana').encryption.setPeers('ana', [aPeer('bare', [aTrack('t', 'camera')])]);
    expect([...room.of('ana').encryption.state.closed]).toEqual(['bare']);
  });
});
