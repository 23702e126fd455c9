import type { LineTestBegun, LineTestPublished, LineTestSubscribed } from '../protocol/shapes';
import { openTestMedia, type TestMedia } from './test_media';
import {
  candidatesOf,
  PATHS,
  pathTaken,
  withOnly,
  type Findings,
  type Measured,
  type Path,
  type PathResult,
} from './verdict';

export type Ask = <T>(event: string, payload: object) => Promise<T>;

/** A firewall that swallows packets says nothing: what has not connected by then won't. */
const CONNECT_WITHIN_MS = 8_000;
const MEASURE_FOR_MS = 6_000;
const SAMPLE_EVERY_MS = 1_000;
const ROUND_TRIP_LOOKS = 15;
const LOOK_EVERY_MS = 200;
/** More than any picture of a meeting. */
const MOST_BPS = 2_500_000;

interface Way {
  connection: RTCPeerConnection;
  result: PathResult;
  tracks: { mid: string; track_id: string }[];
  hosts: string[];
}

/**
 * Tries each path to the hub with real media, and on the best one how much gets through in both directions. `told` hears
 * how far it is. Rejects with a ProblemError where the hub refuses a test.
 */
export async function testLine(
  ask: Ask,
  isWebSocket: () => boolean,
  told: (step: 'paths' | 'measuring') => void,
): Promise<Findings> {
  const begun = await ask<LineTestBegun>('line_test:begin', {});
  const media = openTestMedia();
  const ways: Partial<Record<Path, Way>> = {};
  try {
    told('paths');
    await Promise.all(
      PATHS.map(async (path) => {
        ways[path] = await tryPath(ask, path, begun, media);
      }),
    );
    const findings: Findings = {
      // A page that was opened just now may still be on its way up from polling when the test begins.
      websocket: isWebSocket(),
      paths: {
        udp: ways.udp?.result ?? { state: 'absent' },
        tcp: ways.tcp?.result ?? { state: 'absent' },
        relay: ways.relay?.result ?? { state: 'absent' },
      },
      measured: null,
      ports: { udp: begun.udp_port, tcp: begun.tcp_port },
      hosts: [...new Set(Object.values(ways).flatMap((way) => way?.hosts ?? []))],
    };
    const path = pathTaken(findings);
    const way = path && ways[path];
    if (!path || !way) return findings;
    told('measuring');
    const measured = await measure(ask, path, way, begun, media);
    return { ...findings, websocket: isWebSocket(), measured };
  } finally {
    for (const way of Object.values(ways)) way?.connection.close();
    media.close();
    ask('line_test:end', {}).catch(() => undefined); // It ends by itself.
  }
}

async function tryPath(ask: Ask, path: Path, begun: LineTestBegun, media: TestMedia): Promise<Way> {
  const connection = openConnection(path, begun);
  const way: Way = { connection, result: { state: 'absent' }, tracks: [], hosts: [] };
  if ((path === 'tcp' && begun.tcp_port === null) || (path === 'relay' && begun.ice_servers.length === 0)) return way;
  const sound = connection.addTransceiver(media.tone, { direction: 'sendonly' });
  // The picture is sent once the best path is known: three of them would measure one another.
  const picture = connection.addTransceiver('video', {
    direction: 'sendonly',
    sendEncodings: [{ maxBitrate: MOST_BPS }],
  });
  await connection.setLocalDescription(await connection.createOffer());
  if (path === 'relay') await gathered(connection);
  const answer = await ask<LineTestPublished>('line_test:publish', {
    path,
    sdp: connection.localDescription?.sdp ?? '',
    tracks: [
      { mid: sound.mid, kind: 'audio' },
      { mid: picture.mid, kind: 'video' },
    ],
  });
  way.tracks = answer.tracks;
  way.hosts = candidatesOf(answer.sdp, path === 'tcp' ? 'tcp' : 'udp');
  await connection.setRemoteDescription({ type: 'answer', sdp: over(path, answer.sdp) });
  const connected = await settles(connection);
  way.result = connected ? { state: 'open', roundTrip_ms: await roundTripOf(connection) } : { state: 'blocked' };
  return way;
}

const openConnection = (path: Path, { ice_servers }: LineTestBegun): RTCPeerConnection =>
  new RTCPeerConnection({
    bundlePolicy: 'max-bundle',
    ...(path === 'relay' ? { iceServers: ice_servers, iceTransportPolicy: 'relay' as const } : {}),
  });

const over = (path: Path, sdp: string): string => (path === 'relay' ? sdp : withOnly(sdp, path));

async function measure(ask: Ask, path: Path, up: Way, begun: LineTestBegun, media: TestMedia): Promise<Measured> {
  const down = openConnection(path, begun);
  try {
    const picture = up.connection.getTransceivers().find(({ sender }) => sender.track === null);
    await picture?.sender.replaceTrack(media.picture);
    for (const kind of ['audio', 'video'] as const) down.addTransceiver(kind, { direction: 'recvonly' });
    await down.setLocalDescription(await down.createOffer());
    if (path === 'relay') await gathered(down);
    const tracks = up.tracks.map(({ track_id }, index) => ({ mid: down.getTransceivers()[index]?.mid, track_id }));
    const answer = await ask<LineTestSubscribed>('line_test:subscribe', {
      path,
      sdp: down.localDescription?.sdp ?? '',
      tracks,
    });
    await down.setRemoteDescription({ type: 'answer', sdp: over(path, answer.sdp) });
    if (!(await settles(down))) return { up_bps: 0, down_bps: 0, loss: 1 };
    return await sample(up.connection, down);
  } finally {
    down.close();
  }
}

/** The best second of each direction: browsers and the hub feel their way up from little. */
async function sample(up: RTCPeerConnection, down: RTCPeerConnection): Promise<Measured> {
  const measured: Measured = { up_bps: 0, down_bps: 0, loss: 0 };
  let before = { ...(await countersOf(up, down)), at_ms: performance.now() };
  for (let past_ms = 0; past_ms < MEASURE_FOR_MS; past_ms += SAMPLE_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
    const now = { ...(await countersOf(up, down)), at_ms: performance.now() };
    const elapsed_s = (now.at_ms - before.at_ms) / 1_000;
    measured.up_bps = Math.max(measured.up_bps, ((now.sent - before.sent) * 8) / elapsed_s);
    measured.down_bps = Math.max(measured.down_bps, ((now.received - before.received) * 8) / elapsed_s);
    before = now;
  }
  const { lost, packets, upwardLoss } = before;
  measured.loss = Math.max(upwardLoss, packets > 0 ? Math.max(0, lost) / (packets + lost) : 1);
  return measured;
}

async function countersOf(up: RTCPeerConnection, down: RTCPeerConnection) {
  const counters = { sent: 0, received: 0, packets: 0, lost: 0, upwardLoss: 0 };
  (await up.getStats()).forEach((entry: Record<string, unknown> & { type: string }) => {
    if (entry.type === 'transport') counters.sent += Number(entry.bytesSent ?? 0);
    if (entry.type === 'remote-inbound-rtp') {
      counters.upwardLoss = Math.max(counters.upwardLoss, Number(entry.fractionLost ?? 0));
    }
  });
  (await down.getStats()).forEach((entry: Record<string, unknown> & { type: string }) => {
    if (entry.type === 'transport') counters.received += Number(entry.bytesReceived ?? 0);
    if (entry.type !== 'inbound-rtp') return;
    counters.packets += Number(entry.packetsReceived ?? 0);
    counters.lost += Number(entry.packetsLost ?? 0);
  });
  return counters;
}

/** Of the way that was found; browsers count it a moment after they are connected. */
async function roundTripOf(connection: RTCPeerConnection): Promise<number> {
  for (let turn = 0; turn < ROUND_TRIP_LOOKS; turn += 1) {
    const seen: number[] = [];
    (await connection.getStats()).forEach((entry: Record<string, unknown> & { type: string }) => {
      const roundTrip_s = entry.type === 'candidate-pair' ? Number(entry.currentRoundTripTime ?? 0) : 0;
      if (roundTrip_s > 0) seen.push(roundTrip_s * 1_000);
    });
    if (seen.length > 0) return Math.min(...seen);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return 0;
}

const settles = (connection: RTCPeerConnection): Promise<boolean> =>
  within(CONNECT_WITHIN_MS, connection, 'connectionstatechange', () =>
    connection.connectionState === 'connected' ? true : connection.connectionState === 'failed' ? false : null,
  );

/** A relay's address is known only after it was asked. */
const gathered = (connection: RTCPeerConnection): Promise<boolean> =>
  within(CONNECT_WITHIN_MS, connection, 'icegatheringstatechange', () =>
    connection.iceGatheringState === 'complete' ? true : null,
  );

function within(
  limit_ms: number,
  connection: RTCPeerConnection,
  event: string,
  decide: () => boolean | null,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (decided: boolean) => {
      clearTimeout(timer);
      connection.removeEventListener(event, look);
      resolve(decided);
    };
    const look = () => {
      const decided = decide();
      if (decided !== null) end(decided);
    };
    const timer = setTimeout(() => end(false), limit_ms);
    connection.addEventListener(event, look);
    look();
  });
}
