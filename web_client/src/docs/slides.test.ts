import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { groundOf, pageAt, readSlides } from './slides';

function laid(fields: Record<string, unknown> = {}): Y.Doc {
  const doc = new Y.Doc();
  const map = doc.getMap('slides');
  const all = {
    material_id: 'm',
    version: 2,
    pages: [
      { height: 562, text: 'One' },
      { height: 750, text: 'Two' },
    ],
  };
  for (const [key, value] of Object.entries({ ...all, ...fields })) map.set(key, value);
  return doc;
}

describe('slides', () => {
  it('are read as pages one below the other', () => {
    const slides = readSlides(laid());
    expect(slides).toEqual({
      materialId: 'm',
      version: 2,
      pages: [
        { number: 1, top: 0, height: 562, text: 'One' },
        { number: 2, top: 642, height: 750, text: 'Two' },
      ],
    });
    if (slides) expect([-900, 0, 600, 610, 90_000].map((y) => pageAt(slides, y).number)).toEqual([1, 1, 1, 2, 2]);
  });

  it('lie under everything, by the place of their page', () => {
    const slides = readSlides(laid());
    const ground = slides ? groundOf(slides) : [];
    expect(ground.map(({ id, box, page }) => [id, box, page])).toEqual([
      ['slide:1', [0, 0, 1000, 562], 1],
      ['slide:2', [0, 642, 1000, 750], 2],
    ]);
  });

  it('are none on a board that has none, or where somebody wrote nonsense', () => {
    expect(readSlides(new Y.Doc())).toBeNull();
    for (const wrong of [{ material_id: 4 }, { version: 0 }, { version: NaN }, { pages: [] }, { pages: 'none' }])
      expect(readSlides(laid(wrong))).toBeNull();
    const heights = readSlides(laid({ pages: [{ height: -5 }, null, { height: 1e300, text: 7 }] }))?.pages;
    expect(heights?.map(({ height, text }) => [height, text])).toEqual([
      [125, ''],
      [1000, ''],
      [1000, ''],
    ]);
  });
});
