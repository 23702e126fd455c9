import { expect, test } from 'vitest';
import type { Peer } from '../protocol/shapes';
import { largePeople, type Standing } from './large_people';

const peer = (name: string, camera = false): Peer =>
  ({
    peer_id: `peer-${name}`,
    user_id: name,
    tracks: camera ? [{ track_id: name, kind: 'video', source: 'camera', muted: false }] : [],
  }) as unknown as Peer;
const PEERS = [peer('ana'), peer('piotr', true), peer('lucia')];
const seen = (change: Partial<Standing>, peers = PEERS) =>
  largePeople(peers, { layout: 'grid', spotlight: [], speaker: null, ownUserId: 'me', ...change }).map(
    (each) => each?.user_id ?? 'me',
  );

test('everybody is alike in the grid, whoever speaks', () => {
  expect(seen({ speaker: 'peer-ana' })).toEqual([]);
});

test('who speaks is large, before anybody spoke who has a camera, and one who is alone sees oneself', () => {
  expect(seen({ layout: 'speaker', speaker: 'peer-lucia' })).toEqual(['lucia']);
  expect(seen({ layout: 'speaker' })).toEqual(['piotr']);
  expect(seen({ layout: 'speaker', speaker: 'gone' }, [peer('ana')])).toEqual(['ana']);
  expect(seen({ layout: 'speaker' }, [])).toEqual(['me']);
});

test('the spotlight comes first in its order, whatever one chose, and passes over who is not there', () => {
  expect(seen({ spotlight: ['lucia', 'ana'], layout: 'speaker', speaker: 'peer-piotr' })).toEqual(['lucia', 'ana']);
  expect(seen({ spotlight: ['gone', 'me'] })).toEqual(['me']);
  expect(seen({ spotlight: ['gone'] })).toEqual([]);
});
