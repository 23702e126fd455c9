import type { LineSample } from './line_quality';

export interface CallStatistics {
  /** Loudness of each audio track, sent or received, by the id of its MediaStreamTrack, 0–1. */
  levels: Map<string, number>;
  line: LineSample;
}

type Entry = Record<string, unknown> & { type: string };
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Reads what a call shows to people out of the statistics of its two connections. */
export async function readStatistics(
  up: RTCPeerConnection | null,
  down: RTCPeerConnection | null,
): Promise<CallStatistics> {
  const levels = new Map<string, number>();
  const line: LineSample = { received: 0, lost: 0, upwardLoss: 0, roundTrip_ms: 0 };
  for (const entry of await entries(down)) {
    if (entry.type === 'inbound-rtp') {
      line.received += number(entry.packetsReceived);
      line.lost += number(entry.packetsLost);
      if (entry.kind === 'audio') levels.set(String(entry.trackIdentifier), number(entry.audioLevel));
    } else if (entry.type === 'candidate-pair' && entry.nominated === true) {
      line.roundTrip_ms = Math.max(line.roundTrip_ms, number(entry.currentRoundTripTime) * 1_000);
    }
  }
  for (const entry of await entries(up)) {
    if (entry.type === 'media-source' && entry.kind === 'audio') {
      levels.set(String(entry.trackIdentifier), number(entry.audioLevel));
    } else if (entry.type === 'remote-inbound-rtp')
      line.upwardLoss = Math.max(line.upwardLoss, number(entry.fractionLost));
  }
  return { levels, line };
}

/** The loudness of each peer, 0 where there is no sound to hear. */
export function levelsByPeer(
  tracks: readonly (readonly [string, MediaStreamTrack | null])[],
  levels: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(tracks.map(([peerId, track]) => [peerId, (track && levels.get(track.id)) ?? 0]));
}

async function entries(connection: RTCPeerConnection | null): Promise<Entry[]> {
  if (!connection || connection.connectionState === 'closed') return [];
  const found: Entry[] = [];
  (await connection.getStats()).forEach((entry: Entry) => found.push(entry));
  return found;
}
