import type { TrackSource } from '../protocol/shapes';
import { ENCODINGS, kindOf } from './codecs';
import type { Side } from './link';
import { askForFrugalOpus } from './sdp';

export interface PublishTrack {
  mid: string;
  source: TrackSource;
  muted: boolean;
}

export interface PublishAnswer {
  sdp: string;
  tracks: { mid: string; track_id: string }[];
}

/** Sees to it that nothing leaves unencrypted. */
export interface SenderGuard {
  guardSender(sender: RTCRtpSender, media: 'audio' | 'video'): void;
}

interface Wanted {
  track: MediaStreamTrack | null;
  muted: boolean;
}

/** The upward side: what this person sends. One transceiver per source, kept for as long as the connection lives. */
export class Publishing implements Side<PublishTrack, PublishAnswer> {
  readonly #wanted = new Map<TrackSource, Wanted>();
  readonly #slots = new Map<TrackSource, RTCRtpTransceiver>();
  readonly #trackIds = new Map<TrackSource, string>();
  readonly #told = new Map<TrackSource, boolean>();
  readonly #codecs: Record<'audio' | 'video', RTCRtpCodec[]>;
  readonly #guard: SenderGuard | null;
  readonly #exchange: (sdp: string, tracks: PublishTrack[]) => Promise<PublishAnswer>;
  #offered: PublishTrack[] = [];

  /** `codecs`: those to offer of each kind, all where there are none. */
  constructor(
    codecs: Record<'audio' | 'video', RTCRtpCodec[]>,
    exchange: (sdp: string, tracks: PublishTrack[]) => Promise<PublishAnswer>,
    guard: SenderGuard | null = null,
  ) {
    this.#codecs = codecs;
    this.#guard = guard;
    this.#exchange = exchange;
  }

  /** Wants a source sent; `true` when an offer is needed for it. */
  set(source: TrackSource, track: MediaStreamTrack | null, muted: boolean): boolean {
    const known = this.#wanted.has(source);
    this.#wanted.set(source, { track, muted });
    const slot = this.#slots.get(source);
    if (!known || !slot) return true;
    replace(slot, track);
    return false;
  }

  /** Stops sending a source; `true` when an offer is needed for it. */
  delete(source: TrackSource): boolean {
    const slot = this.#slots.get(source);
    if (slot) replace(slot, null);
    return this.#wanted.delete(source);
  }

  has(source: TrackSource): boolean {
    return this.#wanted.has(source);
  }

  setMuted(source: TrackSource, muted: boolean): void {
    const wanted = this.#wanted.get(source);
    if (wanted) wanted.muted = muted;
  }

  /** Published tracks whose muted state the hub has not been told yet. */
  untold(): { source: TrackSource; track_id: string; muted: boolean }[] {
    return [...this.#wanted].flatMap(([source, { muted }]) => {
      const track_id = this.#trackIds.get(source);
      return track_id !== undefined && this.#told.get(source) !== muted ? [{ source, track_id, muted }] : [];
    });
  }

  noteTold(source: TrackSource, muted: boolean): void {
    this.#told.set(source, muted);
  }

  /** The source of a published track that is still wanted. */
  sourceOf(trackId: string): TrackSource | undefined {
    return [...this.#trackIds].find(([source, id]) => id === trackId && this.#wanted.has(source))?.[0];
  }

  /** The hub was told last that this source is open, and it is still meant to be: no own muting is under way. */
  isToldOpen(source: TrackSource): boolean {
    return this.#told.get(source) === false && this.#wanted.get(source)?.muted === false;
  }

  idle(): boolean {
    return this.#wanted.size === 0 && this.#slots.size === 0;
  }

  async arrange(connection: RTCPeerConnection): Promise<void> {
    for (const [source, { track }] of this.#wanted) {
      const slot = this.#slots.get(source);
      if (slot) {
        slot.direction = 'sendonly';
        await slot.sender.replaceTrack(track);
      } else {
        this.#slots.set(source, this.#add(connection, source, track));
      }
    }
    for (const [source, slot] of this.#slots) {
      if (this.#wanted.has(source)) continue;
      slot.direction = 'inactive';
      await slot.sender.replaceTrack(null);
    }
  }

  tracks(): PublishTrack[] {
    this.#offered = [...this.#wanted].flatMap(([source, { muted }]) => {
      const mid = this.#slots.get(source)?.mid;
      return mid ? [{ mid, source, muted }] : [];
    });
    return this.#offered;
  }

  async exchange(sdp: string, tracks: PublishTrack[]): Promise<PublishAnswer> {
    const answer = await this.#exchange(sdp, tracks);
    return { ...answer, sdp: askForFrugalOpus(answer.sdp) };
  }

  adopt(answer: PublishAnswer): boolean {
    this.#trackIds.clear();
    for (const { mid, source, muted } of this.#offered) {
      const published = answer.tracks.find((track) => track.mid === mid);
      if (!published) continue;
      this.#trackIds.set(source, published.track_id);
      this.#told.set(source, muted);
    }
    return false;
  }

  forget(): void {
    this.#slots.clear();
    this.#trackIds.clear();
    this.#told.clear();
  }

  #add(connection: RTCPeerConnection, source: TrackSource, track: MediaStreamTrack | null): RTCRtpTransceiver {
    const kind = kindOf(source);
    const slot = connection.addTransceiver(track ?? kind, {
      direction: 'sendonly',
      sendEncodings: ENCODINGS[source].map((encoding) => ({ ...encoding })),
    });
    this.#guard?.guardSender(slot.sender, kind);
    const codecs = this.#codecs[kind];
    if (codecs.length > 0) slot.setCodecPreferences(codecs);
    return slot;
  }
}

/** A track that another call of `replaceTrack` overtook, or a connection just closed: the next `arrange` sets it again. */
function replace(slot: RTCRtpTransceiver, track: MediaStreamTrack | null): void {
  slot.sender.replaceTrack(track).catch(() => undefined);
}
