import { moreVideoCodecs, readDependencies, videoCodecs } from './codecs';
import type { Side } from './link';

export interface SubscribeTrack {
  mid: string;
  track_id: string;
}

export interface SubscribeAnswer {
  sdp: string;
  /** Tracks that come in none of the codecs offered for them. */
  undecodable: string[];
}

/** Opens what comes encrypted. */
export interface ReceiverGuard {
  guardReceiver(receiver: RTCRtpReceiver, media: 'audio' | 'video'): { assign(trackId: string | null): void };
}

interface Slot {
  transceiver: RTCRtpTransceiver;
  kind: 'audio' | 'video';
  trackId: string | null;
  /** Given back in an offer that was answered, so that the hub has forgotten the former track of this mid. */
  free: boolean;
  /** Offers every codec, not only the usual one. */
  wide: boolean;
  /** Says whose frames come; where they are encrypted. */
  guarded: { assign(trackId: string | null): void } | undefined;
}

/** The downward side: what this person receives. A transceiver that is no longer needed waits for the next track. */
export class Subscribing implements Side<SubscribeTrack, SubscribeAnswer> {
  readonly #slots: Slot[] = [];
  readonly #codecs: RTCRtpCodec[];
  readonly #guard: ReceiverGuard | null;
  readonly #exchange: (sdp: string, tracks: SubscribeTrack[]) => Promise<SubscribeAnswer>;
  #undecodable: ReadonlySet<string> = new Set();
  #wanted = new Map<string, 'audio' | 'video'>();
  #given: Slot[] = [];

  /** `codecs`: all that the browser can receive. */
  constructor(
    codecs: RTCRtpCodec[],
    exchange: (sdp: string, tracks: SubscribeTrack[]) => Promise<SubscribeAnswer>,
    guard: ReceiverGuard | null = null,
  ) {
    this.#codecs = codecs;
    this.#exchange = exchange;
    this.#guard = guard;
  }

  /** Wants exactly these tracks; `true` when an offer is needed. */
  set(wanted: Map<string, 'audio' | 'video'>): boolean {
    const before = this.#wanted;
    this.#wanted = wanted;
    return before.size !== wanted.size || [...wanted.keys()].some((id) => !before.has(id));
  }

  /** The received media of each subscribed track. */
  media(): Map<string, MediaStreamTrack> {
    return new Map(
      this.#slots.flatMap(({ trackId, transceiver }) =>
        trackId === null ? [] : [[trackId, transceiver.receiver.track]],
      ),
    );
  }

  /** Tracks that this browser can't show, whatever it offers. */
  undecodable(): ReadonlySet<string> {
    return this.#undecodable;
  }

  idle(): boolean {
    return this.#wanted.size === 0 && this.#slots.length === 0;
  }

  async arrange(connection: RTCPeerConnection): Promise<void> {
    for (const slot of this.#slots) {
      if (slot.trackId === null || this.#wanted.has(slot.trackId)) continue;
      slot.trackId = null;
      slot.guarded?.assign(null);
      slot.transceiver.direction = 'inactive';
    }
    for (const [trackId, kind] of this.#wanted) {
      if (this.#slots.some((slot) => slot.trackId === trackId)) continue;
      const slot = this.#slots.find((other) => other.free && other.kind === kind) ?? this.#add(connection, kind);
      slot.trackId = trackId;
      slot.guarded?.assign(trackId);
      slot.free = false;
      slot.transceiver.direction = 'recvonly';
    }
  }

  tracks(): SubscribeTrack[] {
    this.#given = this.#slots.filter((slot) => slot.trackId === null);
    return this.#slots.flatMap(({ trackId, transceiver: { mid } }) =>
      trackId !== null && mid !== null ? [{ mid, track_id: trackId }] : [],
    );
  }

  exchange(sdp: string, tracks: SubscribeTrack[]): Promise<SubscribeAnswer> {
    return this.#exchange(sdp, tracks);
  }

  adopt({ undecodable }: SubscribeAnswer): boolean {
    for (const slot of this.#given) slot.free = slot.trackId === null;
    const affected = this.#slots.filter(({ trackId }) => trackId !== null && undecodable.includes(trackId));
    const narrow = affected.filter(({ wide }) => !wide);
    for (const slot of narrow) this.#widen(slot);
    const shown = affected.flatMap(({ wide, trackId }) => (wide && trackId !== null ? [trackId] : []));
    this.#undecodable = new Set(narrow.length > 0 ? [] : shown);
    return narrow.length > 0;
  }

  forget(): void {
    this.#slots.length = 0;
    this.#given = [];
    this.#undecodable = new Set();
  }

  #widen(slot: Slot): void {
    slot.wide = true;
    const codecs = moreVideoCodecs(this.#codecs);
    if (codecs.length > 0) slot.transceiver.setCodecPreferences(codecs);
    readDependencies(slot.transceiver);
  }

  #add(connection: RTCPeerConnection, kind: 'audio' | 'video'): Slot {
    const transceiver = connection.addTransceiver(kind, { direction: 'recvonly' });
    const codecs = videoCodecs(this.#codecs);
    if (kind === 'video' && codecs.length > 0) transceiver.setCodecPreferences(codecs);
    const guarded = this.#guard?.guardReceiver(transceiver.receiver, kind);
    const slot: Slot = { transceiver, kind, trackId: null, free: false, wide: kind === 'audio', guarded };
    this.#slots.push(slot);
    return slot;
  }
}
