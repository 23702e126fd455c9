import { t, type Key } from '../catalogue';
import { PATHS, toOpen, verdictOf, type Findings, type Path, type Verdict } from './verdict';

export const VERDICTS: Record<Verdict, Key> = {
  good: 'test_verdict_good',
  fair: 'test_verdict_fair',
  voice: 'test_verdict_voice',
  no: 'test_verdict_no',
};
const NAMES: Record<Path, Key> = { udp: 'test_udp', tcp: 'test_tcp', relay: 'test_relay' };

export interface Row {
  name: string;
  found: string;
  bad: boolean;
}

/** What was found, a row each. */
export function rowsOf(findings: Findings): Row[] {
  const rows: Row[] = [
    {
      name: t('test_page'),
      found: findings.websocket ? t('test_websocket') : t('test_polling'),
      bad: !findings.websocket,
    },
    ...PATHS.map((path) => {
      const result = findings.paths[path];
      const found =
        result.state === 'open'
          ? t('test_open', { ms: Math.round(result.roundTrip_ms) })
          : t(result.state === 'blocked' ? 'test_blocked' : 'test_absent');
      return { name: t(NAMES[path]), found, bad: result.state === 'blocked' };
    }),
  ];
  const { measured } = findings;
  if (measured) {
    const rate = (bps: number) => t('test_rate', { kbit: Math.round(bps / 10_000) * 10 });
    const percent = t('test_percent', { percent: Math.round(measured.loss * 100) });
    rows.push(
      { name: t('test_up'), found: rate(measured.up_bps), bad: false },
      { name: t('test_down'), found: rate(measured.down_bps), bad: false },
      { name: t('test_loss'), found: percent, bad: measured.loss > 0.05 },
    );
  }
  return rows;
}

/** What an administrator is asked for, a sentence each. */
export function requestsOf(findings: Findings, host: string): string[] {
  const hosts = findings.hosts.join(', ') || host;
  const requests = toOpen(findings).map(({ protocol, port }) =>
    // A port is a name, not a number to be grouped by thousands.
    t(protocol === 'UDP' ? 'test_open_udp' : 'test_open_tcp', { port: String(port), hosts }),
  );
  return findings.websocket ? requests : [...requests, t('test_open_websocket', { host })];
}

/** All of it as text that can be sent to somebody. */
export function reportOf(findings: Findings, { host, at, browser }: { host: string; at: string; browser: string }) {
  return [
    `${host} · ${at}`,
    browser,
    '',
    t(VERDICTS[verdictOf(findings)]),
    ...rowsOf(findings).map(({ name, found }) => `${name}: ${found}`),
    '',
    ...requestsOf(findings, host),
  ].join('\n');
}
