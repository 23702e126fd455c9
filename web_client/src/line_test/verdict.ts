/** A way for media between this machine and the hub. */
export type Path = 'udp' | 'tcp' | 'relay';
export const PATHS: readonly Path[] = ['udp', 'tcp', 'relay'];

/** `absent`: the hub offers no such path. */
export type PathResult = { state: 'open'; roundTrip_ms: number } | { state: 'blocked' } | { state: 'absent' };

export interface Measured {
  up_bps: number;
  down_bps: number;
  /** Share of packets lost on the worse way, 0–1. */
  loss: number;
}

export interface Findings {
  websocket: boolean;
  paths: Record<Path, PathResult>;
  /** Null where no path is open. */
  measured: Measured | null;
  ports: { udp: number | null; tcp: number | null };
  hosts: readonly string[];
}

/** `no`: no meeting from here; `voice`: voices and little more; `fair`: small pictures; `good`: as it is meant. */
export type Verdict = 'no' | 'voice' | 'fair' | 'good';

/** A voice in both directions, with what packets add. */
const PICTURES_BPS = 200_000;
/** A camera upwards, and a few small ones or a large one downwards. */
const WHOLE_BPS = 600_000;
const MUCH_LOSS = 0.05;
const SLOW_MS = 600;

/** The path that a meeting would take: browsers try them in this order. */
export const pathTaken = ({ paths }: Findings): Path | null =>
  PATHS.find((path) => paths[path].state === 'open') ?? null;

export function verdictOf(findings: Findings): Verdict {
  const path = pathTaken(findings);
  const result = path && findings.paths[path];
  if (!result || result.state !== 'open' || !findings.measured) return 'no';
  const { up_bps, down_bps, loss } = findings.measured;
  const least = Math.min(up_bps, down_bps);
  if (least < PICTURES_BPS) return 'voice';
  return least < WHOLE_BPS || loss > MUCH_LOSS || result.roundTrip_ms > SLOW_MS ? 'fair' : 'good';
}

export interface Opening {
  protocol: 'UDP' | 'TCP';
  port: number;
  /** Which way this opens: the best one first. */
  path: Path;
}

/** What an administrator has to open for meetings to go as they are meant; nothing where UDP gets through. */
export function toOpen({ paths, ports }: Findings): Opening[] {
  if (paths.udp.state === 'open') return [];
  const openings: Opening[] = ports.udp === null ? [] : [{ protocol: 'UDP', port: ports.udp, path: 'udp' }];
  if (paths.tcp.state === 'blocked' && ports.tcp !== null) {
    openings.push({ protocol: 'TCP', port: ports.tcp, path: 'tcp' });
  }
  return openings;
}

/** The addresses and ports that an answer offers over one transport. */
export function candidatesOf(sdp: string, transport: 'udp' | 'tcp'): string[] {
  return sdp
    .split(/\r?\n/)
    .filter((line) => line.startsWith('a=candidate:') && line.split(' ')[2]?.toLowerCase() === transport)
    .map((line) => line.split(' ')[4] ?? '');
}

/** The answer with the candidates of one transport alone. */
export const withOnly = (sdp: string, transport: 'udp' | 'tcp'): string =>
  sdp
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('a=candidate:') || line.split(' ')[2]?.toLowerCase() === transport)
    .join('\r\n');
