import type { FromWorker, ToWorker, TransformOptions } from './worker_messages';

/** Where frames leave and enter the browser, as `RoomEncryption` needs it. */
export interface FrameGate {
  onMessage: (message: FromWorker) => void;
  encrypt(sender: RTCRtpSender, media: 'audio' | 'video'): void;
  /** Returns what says whose frames come through this receiver. */
  decrypt(receiver: RTCRtpReceiver, media: 'audio' | 'video'): (peerId: string | null) => void;
  tell(message: ToWorker): void;
  close(): void;
}

/** Whether this browser can encrypt what it sends, frame by frame (W3C webrtc-encoded-transform). */
export const canEncrypt = (): boolean => 'RTCRtpScriptTransform' in globalThis && 'subtle' in globalThis.crypto;

/** The browser's own transforms, with a worker of our own. */
export class WorkerGate implements FrameGate {
  onMessage: (message: FromWorker) => void = () => undefined;
  readonly #worker = new Worker(new URL('./frame_worker.ts', import.meta.url), { type: 'module' });
  #slots = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.onMessage(data);
  }

  encrypt(sender: RTCRtpSender, media: 'audio' | 'video'): void {
    sender.transform = this.#transform({ operation: 'encrypt', media });
  }

  decrypt(receiver: RTCRtpReceiver, media: 'audio' | 'video'): (peerId: string | null) => void {
    const slot = ++this.#slots;
    receiver.transform = this.#transform({ operation: 'decrypt', media, slot });
    return (peerId) => this.tell({ kind: 'slot', slot, peerId });
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  close(): void {
    this.#worker.terminate();
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }
}
