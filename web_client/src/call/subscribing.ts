import type { Side } from './link';

export interface SubscribeTrack {
  mid: string;
  track_id: string;
}

interface Slot {
  transceiver: RTCRtpTransceiver;
  kind: 'audio' | 'video';
  trackId: string | null;
  /** Given back in an offer that was answered, so that the hub has forgotten the former track of this mid. */
  free: boolean;
}

/** The downward side: what this person receives. A transceiver that is no longer needed waits for the next track. */
export class Subscribing implements Side<SubscribeTrack, { sdp: string }> {
  readonly #slots: Slot[] = [];
  readonly #codecs: RTCRtpCodec[];
  readonly #exchange: (sdp: string, tracks: SubscribeTrack[]) => Promise<{ sdp: string }>;
  #wanted = new Map<string, 'audio' | 'video'>();
  #given: Slot[] = [];

  constructor(codecs: RTCRtpCodec[], exchange: (sdp: string, tracks: SubscribeTrack[]) => Promise<{ sdp: string }>) {
    this.#codecs = codecs;
    this.#exchange = exchange;
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

  idle(): boolean {
    return this.#wanted.size === 0 && this.#slots.length === 0;
  }

  async arrange(connection: RTCPeerConnection): Promise<void> {
    for (const slot of this.#slots) {
      if (slot.trackId === null || this.#wanted.has(slot.trackId)) continue;
      slot.trackId = null;
      slot.transceiver.direction = 'inactive';
    }
    for (const [trackId, kind] of this.#wanted) {
      if (this.#slots.some((slot) => slot.trackId === trackId)) continue;
      const slot = this.#slots.find((other) => other.free && other.kind === kind) ?? this.#add(connection, kind);
      slot.trackId = trackId;
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

  exchange(sdp: string, tracks: SubscribeTrack[]): Promise<{ sdp: string }> {
    return this.#exchange(sdp, tracks);
  }

  adopt(): void {
    for (const slot of this.#given) slot.free = slot.trackId === null;
  }

  forget(): void {
    this.#slots.length = 0;
    this.#given = [];
  }

  #add(connection: RTCPeerConnection, kind: 'audio' | 'video'): Slot {
    const transceiver = connection.addTransceiver(kind, { direction: 'recvonly' });
    if (kind === 'video' && this.#codecs.length > 0) transceiver.setCodecPreferences(this.#codecs);
    const slot: Slot = { transceiver, kind, trackId: null, free: false };
    this.#slots.push(slot);
    return slot;
  }
}
