import type { LineSample, MachineSample } from './line_quality';

export interface CallStatistics {
  /** Loudness of each audio track, sent or received, by the id of its MediaStreamTrack, 0–1. */
  levels: Map<string, number>;
  line: LineSample;
  machine: MachineSample;
}

type Entry = Record<string, unknown> & { type: string };
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Reads what a call shows to people out of the statistics of its two connections. */
export async function readStatistics(
  up: RTCPeerConnection | null,
  down: RTCPeerConnection | null,
): Promise<CallStatistics> {
  const levels = new Map<string, number>();
  const line: LineSample = { received: 0, lost: 0, upwardLoss: 0, roundTrip_ms: 0, played: 0, madeUp: 0 };
  const machine: MachineSample = { encoderLimited: false, pictures: 0, dropped: 0 };
  for (const entry of await entries(down)) {
    if (entry.type === 'inbound-rtp') {
      line.received += number(entry.packetsReceived);
      line.lost += number(entry.packetsLost);
      if (entry.kind === 'audio') {
        levels.set(String(entry.trackIdentifier), number(entry.audioLevel));
        line.played += number(entry.totalSamplesReceived);
        // A silence is made up too, and nobody misses it.
        line.madeUp += number(entry.concealedSamples) - number(entry.silentConcealedSamples);
      } else {
        machine.pictures += number(entry.framesReceived);
        machine.dropped += number(entry.framesDropped);
      }
    } else if (entry.type === 'candidate-pair' && entry.nominated === true) {
      line.roundTrip_ms = Math.max(line.roundTrip_ms, number(entry.currentRoundTripTime) * 1_000);
    }
  }
  for (const entry of await entries(up)) {
    if (entry.type === 'media-source' && entry.kind === 'audio') {
      levels.set(String(entry.trackIdentifier), number(entry.audioLevel));
    } else if (entry.type === 'remote-inbound-rtp') {
      line.upwardLoss = Math.max(line.upwardLoss, number(entry.fractionLost));
    } else if (entry.type === 'outbound-rtp' && entry.qualityLimitationReason === 'cpu') machine.encoderLimited = true;
  }
  return { levels, line, machine };
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
