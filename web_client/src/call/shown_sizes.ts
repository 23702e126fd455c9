import type { Peer } from '../protocol/shapes';

/** How large a picture is shown, for the hub to choose a layer by. */
export interface ShownTrack {
  track_id: string;
  max_height: number | null;
  visible: boolean;
}

/** A face may be stretched by a third before anybody minds, and a layer's line is worth more than that. */
const STRETCH = 0.75;
/** Resizing a window must not tell the hub of every pixel. */
const STEP_PX = 30;
/** What one message may name. */
const MOST_TRACKS = 64;

/** Some people's cameras are shown at another height than the others'. */
export interface Apart {
  peerIds: ReadonlySet<string>;
  height_px: number;
}

const needed = (height_px: number): number => Math.max(STEP_PX, Math.ceil((height_px * STRETCH) / STEP_PX) * STEP_PX);

/** What the hub has to know of the pictures shown; those that are shown as large as they come are left out. */
export function shownTracks(
  peers: readonly Peer[],
  { cameraHeight_px, apart, visible }: { cameraHeight_px: number | null; apart?: Apart; visible: boolean },
): ShownTrack[] {
  const heightOf = (peerId: string): number | null =>
    cameraHeight_px === null ? null : needed(apart?.peerIds.has(peerId) ? apart.height_px : cameraHeight_px);
  return peers
    .flatMap(({ peer_id, tracks }) =>
      tracks.filter(({ kind }) => kind === 'video').map((track) => ({ peer_id, track })),
    )
    .map(({ peer_id, track: { track_id, source } }) => ({
      track_id,
      max_height: source === 'camera' ? heightOf(peer_id) : null,
      visible,
    }))
    .filter(({ max_height }) => max_height !== null || !visible)
    .slice(0, MOST_TRACKS);
}
