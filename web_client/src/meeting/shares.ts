import { call } from '../call/call.svelte';
import { trackOf } from '../call/roster';

export interface Share {
  id: string;
  /** Whose screen it is; null: one's own. */
  name: string | null;
  track: MediaStreamTrack | null;
  /** The line has no room for it now. */
  waits: boolean;
  /** It comes in a codec that this browser does not have. */
  unreadable: boolean;
}

/** The screens that are shared now, one's own last. */
export function sharesNow(): Share[] {
  const others = call.peers
    .filter((peer) => trackOf(peer, 'screen'))
    .map((peer) => ({
      id: peer.peer_id,
      name: peer.display_name,
      track: call.mediaOf(peer, 'screen'),
      waits: call.received.paused.has(trackOf(peer, 'screen')?.track_id ?? ''),
      unreadable: !call.canShow(peer, 'screen'),
    }));
  return call.own.screen
    ? [...others, { id: 'own', name: null, track: call.own.screen, waits: false, unreadable: false }]
    : others;
}
