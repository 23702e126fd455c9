/**
 * Encrypts what leaves this browser and opens what comes, frame by frame, away from the page. What can't be encrypted
 * is not sent, and what can't be opened is not shown: nothing passes as it is.
 */
import { clearBytes, FrameCipher } from './frame_cipher';
import { ReceivedKeys } from './received_keys';
import type { FromWorker, ToWorker, TransformOptions } from './worker_messages';

type Frame = RTCEncodedVideoFrame | RTCEncodedAudioFrame;
interface Transformer {
  readonly readable: ReadableStream<Frame>;
  readonly writable: WritableStream<Frame>;
  readonly options: TransformOptions;
  sendKeyFrameRequest?(): Promise<void>;
}
interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  onrtctransform: ((event: { transformer: Transformer }) => void) | null;
  postMessage(message: FromWorker): void;
}

/** Frames that nobody can open come by the dozen; their loss is told once in a while. */
const TELL_EVERY_MS = 1_000;

const scope = self as unknown as Scope;
const received = new Map<string, ReceivedKeys>();
const peerOfSlot = new Map<number, string | null>();
const toldAt_ms = new Map<string, number>();
let own: FrameCipher | null = null;
let ownPlace = '';

function tell(trouble: 'missing' | 'foreign', peerId: string): void {
  const now_ms = performance.now();
  if (now_ms - (toldAt_ms.get(trouble + peerId) ?? -Infinity) < TELL_EVERY_MS) return;
  toldAt_ms.set(trouble + peerId, now_ms);
  scope.postMessage({ kind: trouble, peerId });
}

async function take(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'own_key': {
      // Told twice, a key would count from the beginning again: two frames under one nonce.
      const place = `${message.key.epoch}.${message.key.step}`;
      if (place !== ownPlace) own = await FrameCipher.of(message.key);
      ownPlace = place;
      return;
    }
    case 'their_key': {
      const keys = received.get(message.peerId) ?? new ReceivedKeys();
      received.set(message.peerId, keys);
      await keys.add(message.key, performance.now());
      return;
    }
    case 'forget':
      received.delete(message.peerId);
      return;
    case 'slot':
      peerOfSlot.set(message.slot, message.peerId);
  }
}

async function encrypt(frame: Frame, kind: 'audio' | 'video'): Promise<Frame | null> {
  if (!own) return null;
  const isKeyFrame = 'type' in frame && frame.type === 'key';
  const data = await own.encrypt(new Uint8Array(frame.data), clearBytes(kind, isKeyFrame));
  frame.data = data.buffer;
  return frame;
}

interface Reading {
  /** Pictures were lost: the next one that can be opened refers to some of them. */
  needsKeyFrame: boolean;
  worked: boolean;
}

async function decrypt(frame: Frame, slot: number, reading: Reading): Promise<Frame | null> {
  const peerId = peerOfSlot.get(slot);
  if (!peerId) return null;
  const opened = (await received.get(peerId)?.open(new Uint8Array(frame.data), performance.now())) ?? null;
  if (opened === null || opened === 'missing') {
    tell(opened === 'missing' || !received.has(peerId) ? 'missing' : 'foreign', peerId);
    reading.needsKeyFrame = true;
    reading.worked = false;
    return null;
  }
  if (!reading.worked) scope.postMessage({ kind: 'opened', peerId });
  reading.worked = true;
  frame.data = opened.buffer;
  return frame;
}

let work = Promise.resolve();
// One message after the other: a key must not overtake the one before it.
scope.onmessage = ({ data }) => (work = work.then(() => take(data)));

scope.onrtctransform = ({ transformer }) => {
  const { options } = transformer;
  const reading: Reading = { needsKeyFrame: false, worked: false };
  const change = new TransformStream<Frame, Frame>({
    async transform(frame, controller) {
      const changed =
        options.operation === 'encrypt'
          ? await encrypt(frame, options.media)
          : await decrypt(frame, options.slot, reading);
      if (!changed) return;
      controller.enqueue(changed);
      if (!reading.needsKeyFrame) return;
      reading.needsKeyFrame = false;
      const isDelta = 'type' in changed && changed.type === 'delta';
      if (isDelta) await transformer.sendKeyFrameRequest?.().catch(() => undefined); // The track may be gone by now.
    },
  });
  transformer.readable
    .pipeThrough(change)
    .pipeTo(transformer.writable)
    .catch(() => undefined); // Its track ended.
};
