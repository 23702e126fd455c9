import { expect, test } from 'vitest';
import { NOTHING_MORE, NOWHERE } from '../../docs/wall_cards';
import type { Card, WallLayout } from '../../protocol/shapes';
import { drawWall, wrap } from './wall_picture';

const measure = (words: string, size: number) => [...words].length * size * 0.5;
const VIEWS: WallLayout['view'][] = ['wall', 'columns', 'timeline', 'map', 'canvas'];
const layout: WallLayout = { view: 'wall', all_move: false, sections: [{ id: 's', title: 'Morning & noon' }] };
const words = {
  title: 'Our <wall>',
  who: ({ author_name }: Card) => author_name,
  kind: ({ kind }: Card) => `kind ${kind ?? ''}`,
  day: ({ begins_on }: Card) => begins_on ?? '',
  noColumn: 'in none',
  noDay: 'without a day',
  noPlace: 'not placed',
};
const card = (id: string, more: Partial<Card> = {}): Card => ({
  ...NOTHING_MORE,
  ...NOWHERE,
  id,
  title: `Title ${id}`,
  text: '',
  tint: 1,
  author_id: 'a',
  author_name: 'Somebody',
  school_id: 's',
  position: 'a0',
  created_at_ms: 1,
  changed_at_ms: 1,
  waits: false,
  ...more,
});
const draw = (cards: Card[], view: WallLayout['view'], pictures: Record<string, string> = {}) =>
  drawWall(cards, view, layout, words, pictures, measure);

test('lines are broken at spaces, and long words where they end', () => {
  const width = (said: string) => said.length;
  expect(wrap('one two three', 7, width)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij k', 4, width)).toEqual(['abcd', 'efgh', 'ij k']);
  expect(wrap('a\n\nb', 9, width)).toEqual(['a', '', 'b']);
  for (const line of wrap('Donaudampfschifffahrt auf der Donau', 6, width)) expect(line.length).toBeLessThanOrEqual(6);
});

test('every view shows every card, and nothing in it can run or be taken for markup', () => {
  const cards = [
    card('a', { title: '<script>alert(1)</script>', section: 's' }),
    card('b', { begins_on: '2026-05-09', east: -4_420, north: 36_720 }),
    card('c', { kind: 'poll', options: ['Yes & no', 'No'], x: 900, y: 40 }),
    card('d', { kind: 'drawing', drawing: { strokes: [{ tint: 2, width: 6, points: [1, 2, 3, 4] }] } }),
    card('e', { text: 'bell \u0007 rings' }),
  ];
  for (const view of VIEWS) {
    const { svg, width, height } = draw(cards, view);
    for (const { id } of cards.slice(1)) expect(svg, view).toContain(`Title ${id}`);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).toContain('Our &lt;wall&gt;');
    expect(svg).not.toContain('\u0007');
    expect([width > 250, height > 100]).toEqual([true, true]);
  }
  expect(draw(cards, 'columns').svg).toContain('Morning &amp; noon');
  expect(draw(cards, 'map').svg).toContain('not placed');
});

test('a picture that came is there, and one that did not is told of by its words', () => {
  const cards = [
    card('seen', { kind: 'image', file_id: 'f', alt: 'The heron', width: 800, height: 400 }),
    card('unseen', { kind: 'image', file_id: 'g', alt: 'The otter' }),
  ];
  const { svg } = draw(cards, 'wall', { seen: 'data:image/webp;base64,AAAA' });
  expect(svg.match(/<image /g)).toHaveLength(1);
  expect(svg).toContain('href="data:image/webp;base64,AAAA"');
  expect(svg).toContain('<title>The heron</title>');
  expect(svg).toContain('kind image');
  expect(svg).toContain('The otter');
});

test('an empty canvas is a sheet with its title', () => {
  expect(draw([], 'canvas').svg).toContain('Our &lt;wall&gt;');
  expect(Number.isFinite(draw([], 'canvas').height)).toBe(true);
});
