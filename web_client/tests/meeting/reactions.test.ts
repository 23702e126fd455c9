import { describe, expect, it } from 'vitest';
import { setLanguage } from '../../src/catalogue';
import { crowdWords, gather, SHOWN_FOR_MS, type Crowd, type Reaction } from '../../src/meeting/reactions.svelte';

const from = (kind: Reaction, ...names: string[]) => names.map((name) => ({ kind, peerId: name, name }));

describe('a crowd that reacts', () => {
  it('is counted by kind, each person once, and named by who was first', async () => {
    await setLanguage('en');
    let crowds: Crowd[] = gather([], from('clap', 'Ana', 'Kuba'), 0);
    crowds = gather(crowds, [...from('clap', 'Ola', 'Ana'), ...from('heart', 'Lucía')], 1_000);
    expect(crowds.map(crowdWords)).toEqual(['Ana and 2 others clap', 'Lucía sends a heart']);
    crowds = gather(crowds, from('clap', 'Jan'), 2_000);
    expect(crowds.map(crowdWords)).toEqual(['Ana and 3 others clap', 'Lucía sends a heart']);
  });

  it('stays while people join it, and goes by itself', () => {
    const first = gather([], from('yes', 'Ana'), 0);
    const later = gather(first, from('yes', 'Kuba'), SHOWN_FOR_MS - 1);
    expect(gather(later, [], SHOWN_FOR_MS + 1)).toHaveLength(1);
    expect(gather(later, [], 2 * SHOWN_FOR_MS)).toHaveLength(0);
  });
});
