import { expect, it } from 'vitest';
import { CalmWords, PAUSE_MS, SETTLED_MS } from '../../src/meeting/calm_words';

it('says who speaks once it lasts, each once, with pauses between', () => {
  const calm = new CalmWords();
  const said: [number, string][] = [];
  const hear = (words: string, from_ms: number, to_ms: number) => {
    for (let now_ms = from_ms; now_ms < to_ms; now_ms += 100) {
      const heard = calm.hear(words, now_ms);
      if (heard !== null) said.push([now_ms, heard]);
    }
  };
  hear('Kuba is speaking', 0, SETTLED_MS - 100); // a cough
  hear('Ana is speaking', 2_000, 4_000);
  hear('', 4_000, 4_500);
  hear('Ana is speaking', 4_500, 9_000);
  hear('Marek is speaking', 9_000, 20_000);
  expect(said).toEqual([
    [2_000 + SETTLED_MS, 'Ana is speaking'],
    [9_000 + SETTLED_MS, 'Marek is speaking'],
  ]);
  expect(9_000 - 2_000).toBeGreaterThan(PAUSE_MS);
});

it('waits for the pause when voices alternate', () => {
  const calm = new CalmWords();
  let count = 0;
  for (let now_ms = 0; now_ms < 60_000; now_ms += 100) {
    if (calm.hear(Math.floor(now_ms / 2_000) % 2 ? 'a' : 'b', now_ms) !== null) count += 1;
  }
  expect(count).toBeLessThanOrEqual(60_000 / PAUSE_MS);
});
