import { describe, expect, it } from 'vitest';
import { LineWatch } from '../../src/call/line_quality';
import { askForFrugalOpus, fingerprintOf } from '../../src/call/sdp';
import { SpeakerWatch } from '../../src/call/speakers';

const levels = (entries: Record<string, number>) => new Map(Object.entries(entries));

describe('SpeakerWatch', () => {
  it('knows who speaks, through a short breath', () => {
    const watch = new SpeakerWatch();
    expect([...watch.hear(levels({ ana: 0.2, marek: 0.001 }), 0).speaking]).toEqual(['ana']);
    expect([...watch.hear(levels({ ana: 0, marek: 0 }), 500).speaking]).toEqual(['ana']);
    expect([...watch.hear(levels({ ana: 0, marek: 0 }), 1_000).speaking]).toEqual([]);
  });

  it('does not jump to a second voice while the first goes on', () => {
    const watch = new SpeakerWatch();
    watch.hear(levels({ ana: 0.1, marek: 0 }), 0);
    expect(watch.hear(levels({ ana: 0.1, marek: 0.9 }), 5_000).active).toBe('ana');
    expect(watch.hear(levels({ ana: 0, marek: 0.9 }), 10_000).active).toBe('marek');
  });

  it('never shows oneself as the active one', () => {
    const { speaking, active } = new SpeakerWatch().hear(levels({ me: 0.9, ana: 0.1 }), 0, 'me');
    expect([...speaking]).toEqual(['me', 'ana']);
    expect(active).toBe('ana');
  });

  it('keeps the last voice in a silence, and forgets who has left', () => {
    const watch = new SpeakerWatch();
    watch.hear(levels({ ana: 0.1 }), 0);
    expect(watch.hear(levels({ ana: 0 }), 60_000).active).toBe('ana');
    expect(watch.hear(levels({}), 61_000).active).toBeNull();
  });
});

describe('LineWatch', () => {
  const sample = (received: number, lost: number, upwardLoss = 0) => ({
    received,
    lost,
    upwardLoss,
    roundTrip_ms: 50,
    played: 0,
    madeUp: 0,
  });

  it('speaks of a weak line only when it stays weak', () => {
    const watch = new LineWatch();
    watch.judge(sample(100, 0));
    expect(watch.judge(sample(180, 20))).toBe('good');
    expect(watch.judge(sample(260, 40))).toBe('good');
    expect(watch.judge(sample(340, 60))).toBe('weak_down');
  });

  it('tells the two directions apart', () => {
    const watch = new LineWatch();
    for (const received of [100, 200, 300]) watch.judge(sample(received, 0, 0.2));
    expect(watch.judge(sample(400, 0, 0.2))).toBe('weak_up');
  });

  it('takes counters that begin anew for a new connection, not for a bad line', () => {
    const watch = new LineWatch();
    for (const received of [1_000, 2_000, 10, 20, 30]) watch.judge(sample(received, 0));
    expect(watch.judge(sample(40, 0))).toBe('good');
  });
});

describe('session descriptions', () => {
  it('finds the fingerprint whatever its case', () => {
    expect(fingerprintOf('v=0\r\na=fingerprint:sha-256 AB:cd\r\n')).toBe('sha-256 ab:cd');
    expect(fingerprintOf('v=0\r\n')).toBeUndefined();
  });

  it('adds the parameters where there is no fmtp line, and replaces contrary ones', () => {
    expect(askForFrugalOpus('a=rtpmap:96 opus/48000/2\r\n')).toBe(
      'a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1;usedtx=1\r\n',
    );
    expect(askForFrugalOpus('a=rtpmap:96 opus/48000/2\r\na=fmtp:96 usedtx=0;stereo=1\r\n')).toBe(
      'a=rtpmap:96 opus/48000/2\r\na=fmtp:96 stereo=1;useinbandfec=1;usedtx=1\r\n',
    );
  });

  it('leaves other codecs alone', () => {
    const video = 'a=rtpmap:96 VP8/90000\r\na=fmtp:96 max-fr=30\r\n';
    expect(askForFrugalOpus(video)).toBe(video);
  });
});
