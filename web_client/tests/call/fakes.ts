import { ProblemError } from '../../src/protocol/problem';
import type { Announcements, Peer, Track } from '../../src/protocol/shapes';
import type { Signalling } from '../../src/call/call_state';

/** A media track without media. */
export function fakeTrack(id: string, kind: 'audio' | 'video'): MediaStreamTrack {
  return { id, kind, enabled: true } as unknown as MediaStreamTrack;
}

class FakeTransceiver {
  mid: string | null = null;
  direction: RTCRtpTransceiverDirection;
  readonly sender: { track: MediaStreamTrack | null; replaceTrack(track: MediaStreamTrack | null): Promise<void> };
  readonly receiver: { track: MediaStreamTrack };
  codecs: RTCRtpCodec[] = [];
  readonly encodings: RTCRtpEncodingParameters[];

  constructor(track: MediaStreamTrack | string, init: RTCRtpTransceiverInit, received: MediaStreamTrack) {
    this.direction = init.direction ?? 'sendrecv';
    this.encodings = init.sendEncodings ?? [];
    const sender = {
      track: typeof track === 'string' ? null : track,
      replaceTrack: async (next: MediaStreamTrack | null) => void (sender.track = next),
    };
    this.sender = sender;
    this.receiver = { track: received };
  }

  setCodecPreferences(codecs: RTCRtpCodec[]): void {
    this.codecs = codecs;
  }
}

let opened = 0;

/** A peer connection that negotiates like a browser's, without any network. */
export class FakeConnection extends EventTarget {
  readonly number = ++opened;
  readonly transceivers: FakeTransceiver[] = [];
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  connectionState: RTCPeerConnectionState = 'new';
  restarts = 0;
  #configuration: RTCConfiguration = {};

  getConfiguration(): RTCConfiguration {
    return this.#configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    if (this.connectionState === 'closed') throw new DOMException('closed', 'InvalidStateError');
    this.#configuration = configuration;
  }

  addTransceiver(track: MediaStreamTrack | string, init: RTCRtpTransceiverInit): FakeTransceiver {
    const kind = typeof track === 'string' ? (track as 'audio' | 'video') : (track.kind as 'audio' | 'video');
    const received = fakeTrack(`received-${this.number}-${this.transceivers.length}`, kind);
    const transceiver = new FakeTransceiver(track, init, received);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer({ iceRestart = false } = {}): Promise<RTCSessionDescriptionInit> {
    if (iceRestart) this.restarts += 1;
    const lines = this.transceivers.map(({ direction }) => `a=${direction}`);
    return { type: 'offer', sdp: [`connection ${this.number} restart ${this.restarts}`, ...lines].join('\r\n') };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    for (const [i, transceiver] of this.transceivers.entries()) transceiver.mid ??= String(i);
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = description;
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  close(): void {
    this.connectionState = 'closed';
  }
}

type Answerer = (payload: never) => object | Promise<object>;
export interface Sent {
  event: string;
  payload: Record<string, unknown>;
}

/** The hub's side of the signalling: answers what `answers` knows and records everything. */
export class FakeHub implements Signalling {
  readonly sent: Sent[] = [];
  readonly answers = new Map<string, Answerer>();
  fingerprint = 'sha-256 AA:BB';
  #trackCount = 0;
  readonly #handlers = new Map<string, Set<(payload: never) => void>>();
  readonly #connectionHandlers = new Set<(connected: boolean) => void>();
  connected = true;

  constructor(peers: Peer[] = []) {
    this.answers.set('room:join', ({ peer_id }: { peer_id?: string }) => ({
      peer_id: peer_id ?? 'me',
      meeting: 'room:3',
      peers,
      ice_servers: [],
    }));
    this.answers.set('room:publish', ({ tracks }: { tracks: { mid: string }[] }) => ({
      sdp: this.sdp(),
      tracks: tracks.map(({ mid }) => ({ mid, track_id: `mine-${mid}-${++this.#trackCount}` })),
    }));
    this.answers.set('room:subscribe', () => ({ sdp: this.sdp(), undecodable: [] }));
    this.answers.set('room:mute', () => ({}));
    this.answers.set('room:prefer', () => ({}));
    this.answers.set('room:leave', () => ({}));
  }

  sdp(): string {
    return `v=0\r\na=fingerprint:${this.fingerprint}\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n`;
  }

  async emit<T>(event: string, payload: object): Promise<T> {
    this.sent.push({ event, payload: payload as Record<string, unknown> });
    if (!this.connected) throw new ProblemError({ code: 'no_answer', detail: '' });
    return (await this.answers.get(event)?.(payload as never)) as T;
  }

  on<E extends keyof Announcements>(event: E, handler: (payload: Announcements[E]) => void): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler as (payload: never) => void));
    return () => handlers.delete(handler as (payload: never) => void);
  }

  onConnection(handler: (connected: boolean) => void): () => void {
    this.#connectionHandlers.add(handler);
    handler(this.connected);
    return () => this.#connectionHandlers.delete(handler);
  }

  tell<E extends keyof Announcements>(event: E, payload: Announcements[E]): void {
    for (const handler of this.#handlers.get(event) ?? []) handler(payload as never);
  }

  setConnected(connected: boolean): void {
    this.connected = connected;
    for (const handler of this.#connectionHandlers) handler(connected);
  }

  sentOf(event: string): Record<string, unknown>[] {
    return this.sent.filter((sent) => sent.event === event).map(({ payload }) => payload);
  }
}

export const aTrack = (track_id: string, source: Track['source'], muted = false): Track => ({
  track_id,
  kind: source === 'camera' || source === 'screen' ? 'video' : 'audio',
  source,
  muted,
});

export const aPeer = (peer_id: string, tracks: Track[] = []): Peer => ({
  peer_id,
  user_id: `user-${peer_id}`,
  display_name: peer_id,
  school_id: 'school',
  tracks,
  public_key: null,
});

export const refusal = (code: string) => {
  throw new ProblemError({ code, detail: code });
};
