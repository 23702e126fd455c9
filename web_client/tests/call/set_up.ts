import { vi } from 'vitest';
import type { CallState } from '../../src/call/call_state';
import { RoomCall } from '../../src/call/room_call';
import type { TrackSource } from '../../src/protocol/shapes';
import { FakeConnection, FakeHub, fakeTrack } from './fakes';

export const VP8 = { mimeType: 'video/VP8', clockRate: 90_000 };
export const H264 = { mimeType: 'video/H264', clockRate: 90_000 };

/** A call in a browser of which nothing is real. */
export function setUp(hub: FakeHub) {
  const connections: FakeConnection[] = [];
  const states: CallState[] = [];
  const silenced: TrackSource[] = [];
  const browser = {
    openConnection: () => {
      connections.push(new FakeConnection());
      return connections.at(-1) as unknown as RTCPeerConnection;
    },
    videoCodecs: () => [H264, VP8],
    audioCodecs: () => [],
  };
  const call = new RoomCall('room', hub, browser, {
    changed: (state) => void states.push(state),
    silenced: (source) => void silenced.push(source),
  });
  return { call, connections, states, silenced };
}

/** Lets everything that needs no timer happen. */
export const settle = () => vi.advanceTimersByTimeAsync(0);
export const microphone = () => fakeTrack('microphone', 'audio');
