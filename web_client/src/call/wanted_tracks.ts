import type { Peer } from '../protocol/shapes';

/** More are not seen at once anyway; the page says which it shows. */
const MOST_NEWCOMERS = 9;

/** Which of the others' tracks are to be received, from what the page shows and what the person chose to hear. */
export class WantedTracks {
  /** False where a line carries no voice: then nothing is received at all. */
  listens = true;
  /** The language whose interpreters are heard; null: none. */
  channel: string | null = null;
  #watched: ReadonlySet<string> | null = null;
  /** Those about whom `watch` has decided; null: about everybody, whoever comes. */
  #judged: ReadonlySet<string> | null = null;

  /** The cameras of these peers; null: all. `newcomers`: also of a few who are not among `present`. */
  watch(peerIds: ReadonlySet<string> | null, newcomers: boolean, present: readonly Peer[]): void {
    this.#watched = peerIds;
    this.#judged = newcomers ? new Set(present.map(({ peer_id }) => peer_id)) : null;
  }

  /** By track id. Sound and shared screens always come; an interpreter to who chose the language. */
  among(peers: readonly Peer[]): Map<string, 'audio' | 'video'> {
    const wanted = new Map<string, 'audio' | 'video'>();
    const judged = this.#judged;
    const newcomers = judged ? peers.filter(({ peer_id }) => !judged.has(peer_id)).slice(0, MOST_NEWCOMERS) : [];
    for (const peer of this.listens ? peers : []) {
      const watched = !this.#watched || this.#watched.has(peer.peer_id) || newcomers.includes(peer);
      for (const { track_id, kind, source, language } of peer.tracks) {
        if (source === 'interpreter' && language !== this.channel) continue;
        if (source !== 'camera' || watched) wanted.set(track_id, kind);
      }
    }
    return wanted;
  }
}
