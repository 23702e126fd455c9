import type { Announcements, Peer, TrackSource } from '../protocol/shapes';
import type { EncryptionState } from './encryption/room_encryption';

/** What a call needs of the page's Socket.IO connection. */
export interface Signalling {
  emit<T>(event: string, payload: object): Promise<T>;
  on<E extends keyof Announcements>(event: E, handler: (payload: Announcements[E]) => void): () => void;
  /** Calls `handler` now and at each change. */
  onConnection(handler: (connected: boolean) => void): () => void;
}

export interface Browser {
  openConnection(iceServers: RTCIceServer[]): RTCPeerConnection;
  videoCodecs(): RTCRtpCodec[];
  audioCodecs(): RTCRtpCodec[];
}

/** `refused`: the room is not there for this person; `left`: by own wish. Both are final. */
export type Phase = 'joining' | 'connecting' | 'connected' | 'reconnecting' | 'refused' | 'left';

export interface CallState {
  phase: Phase;
  peerId: string | null;
  /** The others in the room. */
  peers: readonly Peer[];
  /** Received media by track id. */
  media: ReadonlyMap<string, MediaStreamTrack>;
  /** The hub's error code, when the phase is `refused`. */
  refusal: string | null;
  /** Tracks in a codec that this browser can't show. */
  undecodable: ReadonlySet<string>;
  /** What the hub keeps from this viewer now, because of its line or the size of the meeting. */
  line: ReceivedLine;
  /** In a meeting that is encrypted from end to end. */
  encryption: EncryptionState | null;
  /** Whose voice the hub holds to be the one that counts now. */
  speaker: string | null;
}

export interface ReceivedLine {
  /** There is room for no picture at all. */
  soundOnly: boolean;
  /** Tracks that are shown and don't come. */
  paused: ReadonlySet<string>;
  /** The line makes some pictures smaller than they are shown, or keeps them away. */
  narrowed: boolean;
}

export const WHOLE_LINE: ReceivedLine = { soundOnly: false, paused: new Set(), narrowed: false };

/** What a call tells its owner. */
export interface Listener {
  changed(state: CallState): void;
  /** A teacher silenced a track of ours; it stays silent until the person turns it on again. */
  silenced(source: TrackSource): void;
}
