import { describe, expect, it } from 'vitest';
import { depthOf, moved, without, type Placed } from './tree';

const tree = (...pages: string[]): Placed[] =>
  pages.map((page) => {
    const [id = '', parent] = page.split('<');
    return { content_id: id, parent_id: parent ?? null };
  });
const shown = (pages: Placed[] | null) =>
  pages?.map((page) => (page.parent_id ? `${page.content_id}<${page.parent_id}` : page.content_id)).join(' ');

describe('the tree of pages', () => {
  const pages = tree('home', 'week', 'monday<week', 'noon<monday', 'tuesday<week', 'end');

  it('moves a page with everything below it', () => {
    expect(shown(moved(pages, 'week', 'up'))).toBe('week monday<week noon<monday tuesday<week home end');
    expect(shown(moved(pages, 'monday', 'down'))).toBe('home week tuesday<week monday<week noon<monday end');
  });

  it('puts a page below the one before it, and out again', () => {
    expect(shown(moved(pages, 'end', 'in'))).toBe('home week monday<week noon<monday tuesday<week end<week');
    expect(shown(moved(pages, 'monday', 'out'))).toBe('home week tuesday<week monday noon<monday end');
  });

  it('goes nowhere beyond the ends', () => {
    expect(moved(pages, 'home', 'up')).toBeNull();
    expect(moved(pages, 'end', 'down')).toBeNull();
    expect(moved(pages, 'home', 'in')).toBeNull();
    expect(moved(pages, 'home', 'out')).toBeNull();
    expect(moved(pages, 'absent', 'up')).toBeNull();
  });

  it('lets what stood below a removed page go up', () => {
    expect(shown(without(pages, 'week'))).toBe('home monday noon<monday tuesday end');
  });

  it('counts how deep a page stands', () => {
    expect(pages.map((page) => depthOf(pages, page))).toEqual([0, 0, 1, 2, 1, 0]);
  });
});
