import { describe, expect, it } from 'vitest';
import { WantedTracks } from '../../src/call/wanted_tracks';
import type { Peer, TrackSource } from '../../src/protocol/shapes';

const peer = (peer_id: string, ...sources: [TrackSource, string?][]): Peer =>
  ({
    peer_id,
    tracks: sources.map(([source, language = '']) => ({
      track_id: `${peer_id}-${source}`,
      kind: source === 'camera' || source === 'screen' ? 'video' : 'audio',
      source,
      language,
      muted: false,
    })),
  }) as unknown as Peer;

const PEERS = [
  peer('ana', ['microphone'], ['camera'], ['interpreter', 'es']),
  peer('marek', ['microphone'], ['camera'], ['screen']),
  peer('ola', ['interpreter', 'pl']),
];
const ids = (wanted: WantedTracks, peers = PEERS) => [...wanted.among(peers).keys()];

describe('WantedTracks', () => {
  it('hears interpreters only into the language that was chosen', () => {
    const wanted = new WantedTracks();
    expect(ids(wanted).filter((id) => id.endsWith('interpreter'))).toEqual([]);
    wanted.channel = 'es';
    expect(ids(wanted).filter((id) => id.endsWith('interpreter'))).toEqual(['ana-interpreter']);
    expect(ids(wanted)).toContain('marek-microphone');
  });

  it('gives cameras up before screens and voices, and those before words', () => {
    const wanted = new WantedTracks();
    wanted.watch(new Set(), false, PEERS);
    expect(ids(wanted)).toEqual(['ana-microphone', 'marek-microphone', 'marek-screen']);
    wanted.listens = false;
    expect(ids(wanted)).toEqual([]);
  });

  it('takes the cameras of a few newcomers at once', () => {
    const wanted = new WantedTracks();
    wanted.watch(new Set(['ana']), true, PEERS);
    const crowd = Array.from({ length: 20 }, (_, number) => peer(`new${number}`, ['camera']));
    expect(ids(wanted, [...PEERS, ...crowd]).filter((id) => id.endsWith('camera'))).toHaveLength(1 + 9);
  });
});
