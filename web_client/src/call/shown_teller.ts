import type { Peer } from '../protocol/shapes';
import { Reconciler } from './reconciler';
import { shownTracks, type Apart, type ShownTrack } from './shown_sizes';

export interface Shown {
  /** How high cameras are shown; null: as high as they come. */
  cameraHeight_px: number | null;
  /** Whose are shown at another height. */
  apart?: Apart;
  /** Whether anything can be seen at all. */
  visible: boolean;
}

/** Tells the hub how large the pictures are shown, whenever that changes and after each new connection. */
export class ShownTeller {
  readonly #reconciler: Reconciler;
  readonly #send: (tracks: ShownTrack[]) => Promise<unknown>;
  readonly #connection: () => RTCPeerConnection | null;
  readonly #peers: () => readonly Peer[];
  #shown: Shown = { cameraHeight_px: null, visible: true };
  /** What the hub was told last, and over which connection it holds. */
  #told: { connection: RTCPeerConnection; tracks: string } | null = null;

  constructor(
    send: (tracks: ShownTrack[]) => Promise<unknown>,
    connection: () => RTCPeerConnection | null,
    peers: () => readonly Peer[],
  ) {
    this.#send = send;
    this.#connection = connection;
    this.#peers = peers;
    this.#reconciler = new Reconciler(() => this.#tell());
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.request();
  }

  /** Who is there, or the connection, has changed. */
  request(): void {
    this.#reconciler.request();
  }

  hold(): void {
    this.#reconciler.hold();
  }

  release(): void {
    this.#reconciler.release();
  }

  close(): void {
    this.#reconciler.close();
  }

  async #tell(): Promise<void> {
    const connection = this.#connection();
    if (!connection?.remoteDescription) return;
    const tracks = shownTracks(this.#peers(), this.#shown);
    const said = JSON.stringify(tracks);
    const before = this.#told?.connection === connection ? this.#told.tracks : '[]';
    if (said === before) return;
    await this.#send(tracks);
    this.#told = { connection, tracks: said };
  }
}
