import type { Peer } from '../protocol/shapes';
import type { Layout } from './layout.svelte';

export interface Standing {
  layout: Layout;
  /** The users whom a teacher put in the spotlight. */
  spotlight: readonly string[];
  /** Who speaks, or did last. */
  speaker: string | null;
  ownUserId: string | undefined;
}

/**
 * Who is seen large: the spotlight's people who are there, else who speaks where that was chosen; null in it is oneself.
 * Empty: everybody is seen alike.
 */
export function largePeople(
  peers: readonly Peer[],
  { layout, spotlight, speaker, ownUserId }: Standing,
): (Peer | null)[] {
  const lit = spotlight.flatMap((userId): (Peer | null)[] => {
    const peer = peers.find(({ user_id }) => user_id === userId);
    return peer ? [peer] : userId === ownUserId ? [null] : [];
  });
  if (lit.length > 0) return lit;
  if (layout !== 'speaker') return [];
  const hasCamera = ({ tracks }: Peer) => tracks.some(({ source, muted }) => source === 'camera' && !muted);
  return [peers.find(({ peer_id }) => peer_id === speaker) ?? peers.find(hasCamera) ?? peers[0] ?? null];
}
