import { Reconciler } from './reconciler';
import { fingerprintOf } from './sdp';

export interface LinkTrack {
  mid: string;
}

/** One direction of a call's media: which transceivers the connection has, and what the hub is told about them. */
export interface Side<T extends LinkTrack, A extends { sdp: string }> {
  /** Nothing was ever wanted: no connection is needed yet. */
  idle(): boolean;
  /** Brings the connection's transceivers to what is wanted; an offer follows. */
  arrange(connection: RTCPeerConnection): Promise<void>;
  /** The tracks as they stand in the offer that was just set: every transceiver has its mid. */
  tracks(): T[];
  /** Sends the offer to the hub; rejects when it was refused or not answered. */
  exchange(sdp: string, tracks: T[]): Promise<A>;
  /** The answer was applied; `true` when it calls for another offer. */
  adopt(answer: A): boolean;
  /** The connection is gone; the next `arrange` starts with an empty one. */
  forget(): void;
}

export type LinkState = 'idle' | 'connecting' | 'connected' | 'interrupted';

/** A short interruption often heals by itself (a change of Wi-Fi cell); longer ones need new ICE credentials. */
const RESTART_AFTER_MS = 2_500;
/** Connecting takes 0.1–3 s where it works at all, so after this long the path or the other end is gone. */
const REBUILD_AFTER_MS = 9_000;

/**
 * Keeps one RTCPeerConnection in the state its `Side` wants. The hub only answers, so every change is: arrange, offer,
 * exchange, apply, one at a time. A lost path is restarted (ICE), a lost other end is met with a new connection.
 */
export class Link<T extends LinkTrack, A extends { sdp: string }> {
  readonly #side: Side<T, A>;
  readonly #open: () => RTCPeerConnection;
  readonly #onChange: () => void;
  readonly #reconciler: Reconciler;
  #connection: RTCPeerConnection | null = null;
  #wasConnected = false;
  #restartWanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    side: Side<T, A>,
    open: () => RTCPeerConnection,
    { onChange, onRefused }: { onChange: () => void; onRefused: (error: unknown) => void },
  ) {
    this.#side = side;
    this.#open = open;
    this.#onChange = onChange;
    this.#reconciler = new Reconciler(() => this.#negotiate(), onRefused);
  }

  get connection(): RTCPeerConnection | null {
    return this.#connection;
  }

  get state(): LinkState {
    if (!this.#connection) return this.#side.idle() ? 'idle' : this.#wasConnected ? 'interrupted' : 'connecting';
    if (this.#connection.connectionState === 'connected') return 'connected';
    return this.#wasConnected ? 'interrupted' : 'connecting';
  }

  /** What is wanted has changed. */
  request(): void {
    this.#reconciler.request();
  }

  /** Holds from the next ICE restart on. */
  useIceServers(iceServers: RTCIceServer[]): void {
    this.#connection?.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
  }

  /** The hub can't be asked now. */
  hold(): void {
    this.#reconciler.hold();
  }

  release(): void {
    this.#reconciler.release();
  }

  /** After a sleep or a change of network: look at once instead of waiting for timers. */
  wake(): void {
    this.#reconciler.hurry();
    const state = this.#connection?.connectionState;
    if (state === 'disconnected' || state === 'failed') this.#restart();
  }

  /** Starts over with a new connection; what was wanted stays wanted. */
  rebuild(): void {
    this.#drop();
    this.#side.forget();
    this.#reconciler.request();
    this.#onChange();
  }

  close(): void {
    this.#reconciler.close();
    this.#drop();
    this.#side.forget();
  }

  async #negotiate(): Promise<void> {
    if (!this.#connection) {
      if (this.#side.idle()) return;
      this.#connection = this.#watch(this.#open());
      this.#onChange();
    }
    const connection = this.#connection;
    const stale = () => connection !== this.#connection;
    await this.#side.arrange(connection);
    const iceRestart = this.#restartWanted;
    const offer = await connection.createOffer({ iceRestart });
    await connection.setLocalDescription(offer);
    if (stale()) return;
    const answer = await this.#side.exchange(connection.localDescription?.sdp ?? offer.sdp ?? '', this.#side.tracks());
    if (stale()) return;
    const known = connection.remoteDescription?.sdp;
    if (known !== undefined && fingerprintOf(known) !== fingerprintOf(answer.sdp)) {
      this.rebuild(); // Another media process answers: its DTLS end has never heard of ours.
      return;
    }
    try {
      await connection.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    } catch (error) {
      if (!stale()) this.rebuild();
      throw error;
    }
    if (stale()) return;
    if (iceRestart) this.#restartWanted = false;
    if (this.#side.adopt(answer)) this.#reconciler.request();
    if (connection.connectionState !== 'connected') this.#expectConnection();
    this.#onChange();
  }

  #watch(connection: RTCPeerConnection): RTCPeerConnection {
    connection.addEventListener('connectionstatechange', () => {
      if (connection !== this.#connection) return;
      if (connection.connectionState === 'connected') {
        this.#wasConnected = true;
        this.#after(null);
      } else if (connection.connectionState === 'disconnected') {
        this.#after(RESTART_AFTER_MS, () => this.#restart());
      } else if (connection.connectionState === 'failed') {
        this.#restart();
      }
      this.#onChange();
    });
    return connection;
  }

  #restart(): void {
    if (this.#connection && !this.#connection.remoteDescription) {
      this.rebuild();
      return;
    }
    this.#restartWanted = true;
    this.#expectConnection();
    this.#reconciler.request();
  }

  #expectConnection(): void {
    this.#after(REBUILD_AFTER_MS, () => this.rebuild());
  }

  #after(delay_ms: number | null, act: () => void = () => undefined): void {
    clearTimeout(this.#timer);
    this.#timer = delay_ms === null ? undefined : setTimeout(act, delay_ms);
  }

  #drop(): void {
    this.#after(null);
    this.#restartWanted = false;
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
  }
}
