import { describe, expect, it } from 'vitest';
import {
  candidatesOf,
  pathTaken,
  toOpen,
  verdictOf,
  withOnly,
  type Findings,
  type PathResult,
} from '../../src/line_test/verdict';

const OPEN: PathResult = { state: 'open', roundTrip_ms: 40 };
const BLOCKED: PathResult = { state: 'blocked' };
const ABSENT: PathResult = { state: 'absent' };

const found = (udp: PathResult, tcp: PathResult, relay: PathResult, bps = 2_000_000, loss = 0): Findings => ({
  websocket: true,
  paths: { udp, tcp, relay },
  measured: { up_bps: bps, down_bps: bps, loss },
  ports: { udp: 7001, tcp: 443 },
  hosts: ['10.0.0.1'],
});

describe('the verdict on a line', () => {
  it('asks for nothing where UDP gets through', () => {
    const findings = found(OPEN, BLOCKED, BLOCKED);
    expect([verdictOf(findings), pathTaken(findings), toOpen(findings)]).toEqual(['good', 'udp', []]);
  });

  it('goes over TCP or a relay where UDP is blocked, and asks for UDP', () => {
    expect(pathTaken(found(BLOCKED, OPEN, OPEN))).toBe('tcp');
    expect(pathTaken(found(BLOCKED, ABSENT, OPEN))).toBe('relay');
    expect(toOpen(found(BLOCKED, OPEN, ABSENT))).toEqual([{ protocol: 'UDP', port: 7001, path: 'udp' }]);
  });

  it('names both ports where nothing gets through', () => {
    const findings = { ...found(BLOCKED, BLOCKED, ABSENT), measured: null };
    expect(verdictOf(findings)).toBe('no');
    expect(toOpen(findings).map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(['UDP 7001', 'TCP 443']);
  });

  it('says what a narrow or lossy line is good for', () => {
    expect(verdictOf(found(OPEN, OPEN, ABSENT, 120_000))).toBe('voice');
    expect(verdictOf(found(OPEN, OPEN, ABSENT, 400_000))).toBe('fair');
    expect(verdictOf(found(OPEN, OPEN, ABSENT, 2_000_000, 0.1))).toBe('fair');
    expect(verdictOf(found({ state: 'open', roundTrip_ms: 900 }, OPEN, ABSENT))).toBe('fair');
  });

  it('takes one transport out of an answer', () => {
    const sdp = [
      'v=0',
      'a=candidate:1 1 udp 2130706431 10.0.0.1 7001 typ host',
      'a=candidate:2 1 tcp 1518280447 10.0.0.1 443 typ host tcptype passive',
      'a=end-of-candidates',
    ].join('\r\n');
    expect(candidatesOf(sdp, 'udp')).toEqual(['10.0.0.1']);
    expect(withOnly(sdp, 'tcp')).toBe(
      sdp
        .split('\r\n')
        .filter((line) => !line.includes(' udp '))
        .join('\r\n'),
    );
  });
});
