import type { Announcements, Peer, Track, TrackSource } from '../protocol/shapes';

type RoomEvent = 'room:peer_joined' | 'room:peer_left' | 'room:published' | 'room:unpublished' | 'room:muted';
export const ROOM_EVENTS: readonly RoomEvent[] = [
  'room:peer_joined',
  'room:peer_left',
  'room:published',
  'room:unpublished',
  'room:muted',
];
export type Told = { [E in RoomEvent]: { event: E; payload: Announcements[E] } }[RoomEvent];

export const trackOf = (peer: Peer | undefined, source: TrackSource): Track | undefined =>
  peer?.tracks.find((track) => track.source === source);

/** The peers after an announcement. Telling the same thing twice, or something of an unknown peer, changes nothing more. */
export function follow(peers: readonly Peer[], { event, payload }: Told): Peer[] {
  switch (event) {
    case 'room:peer_joined': {
      const { peer } = payload;
      const known = peers.some(({ peer_id }) => peer_id === peer.peer_id);
      return known ? peers.map((other) => (other.peer_id === peer.peer_id ? peer : other)) : [...peers, peer];
    }
    case 'room:peer_left':
      return peers.filter(({ peer_id }) => peer_id !== payload.peer_id);
    case 'room:published':
    case 'room:muted':
      return withTracks(peers, payload.peer_id, (tracks) => {
        const known = tracks.some(({ track_id }) => track_id === payload.track.track_id);
        return known
          ? tracks.map((track) => (track.track_id === payload.track.track_id ? payload.track : track))
          : [...tracks, payload.track];
      });
    case 'room:unpublished':
      return withTracks(peers, payload.peer_id, (tracks) =>
        tracks.filter(({ track_id }) => track_id !== payload.track.track_id),
      );
  }
}

function withTracks(peers: readonly Peer[], peerId: string, change: (tracks: Track[]) => Track[]): Peer[] {
  return peers.map((peer) => (peer.peer_id === peerId ? { ...peer, tracks: change(peer.tracks) } : peer));
}
