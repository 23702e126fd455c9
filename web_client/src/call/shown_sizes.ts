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

/** What the hub has to know of the pictures shown; those that are shown as large as they come are left out. */
export function shownTracks(
  peers: readonly Peer[],
  { cameraHeight_px, visible }: { cameraHeight_px: number | null; visible: boolean },
): ShownTrack[] {
  const cameraHeight =
    cameraHeight_px === null ? null : Math.max(STEP_PX, Math.ceil((cameraHeight_px * STRETCH) / STEP_PX) * STEP_PX);
  return peers
    .flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === 'video'))
    .map(({ track_id, source }) => ({ track_id, max_height: source === 'camera' ? cameraHeight : null, visible }))
    .filter(({ max_height }) => max_height !== null || !visible)
    .slice(0, MOST_TRACKS);
}
