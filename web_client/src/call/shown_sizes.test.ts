import { expect, test } from 'vitest';
import type { Peer } from '../protocol/shapes';
import { shownTracks } from './shown_sizes';

const peer = (id: string): Peer =>
  ({
    peer_id: id,
    tracks: [
      { track_id: `${id}-cam`, kind: 'video', source: 'camera', muted: false },
      { track_id: `${id}-scr`, kind: 'video', source: 'screen', muted: false },
    ],
  }) as unknown as Peer;

test('who is large is fetched large, the row beside it small, screens as they come', () => {
  const apart = { peerIds: new Set(['ana']), height_px: 560 };
  const tracks = shownTracks([peer('ana'), peer('kuba')], { cameraHeight_px: 112, apart, visible: true });
  expect(tracks).toEqual([
    { track_id: 'ana-cam', max_height: 420, visible: true },
    { track_id: 'kuba-cam', max_height: 90, visible: true },
  ]);
});

test('nothing is held back where no height is known', () => {
  const apart = { peerIds: new Set(['ana']), height_px: 560 };
  expect(shownTracks([peer('ana')], { cameraHeight_px: null, apart, visible: true })).toEqual([]);
});
