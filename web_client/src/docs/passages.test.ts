import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodePlace, sentencesOf } from './passages';

function write(...paragraphs: string[]): { doc: Y.Doc; texts: Y.XmlText[] } {
  const doc = new Y.Doc();
  const texts = paragraphs.map((words) => new Y.XmlText(words));
  doc.getXmlFragment('default').push(
    texts.map((text) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.push([text]);
      return paragraph;
    }),
  );
  return { doc, texts };
}

function wordsBetween(doc: Y.Doc, { start, end }: { start: string; end: string }): string | null {
  const [from, to] = [start, end].map((each) => {
    const place = decodePlace(each);
    return place && Y.createAbsolutePositionFromRelativePosition(place, doc);
  });
  return from && to && from.type === to.type ? from.type.toString().slice(from.index, to.index) : null;
}

test('sentences are found in reading order, without what says nothing', () => {
  const { doc } = write('The river rose. It came in May!', ' … ', 'Fue en mayo.');
  expect(sentencesOf(doc, 'en').map(({ words }) => words)).toEqual([
    'The river rose.',
    'It came in May!',
    'Fue en mayo.',
  ]);
});

test('their places stay with them while others write around and in them', () => {
  const { doc, texts } = write('The river rose. It came in May.');
  const [, second] = sentencesOf(doc, 'en');
  if (!second || !texts[0]) throw new Error('a sentence is missing');
  expect(wordsBetween(doc, second)).toBe('It came in May.');
  texts[0].insert(0, 'Listen. ');
  texts[0].insert(texts[0].length, ' Then it fell.');
  texts[0].insert(texts[0].toString().indexOf('May'), 'late ');
  expect(wordsBetween(doc, second)).toBe('It came in late May.');
});

test('what is no place is none', () => {
  expect(decodePlace('no position')).toBeNull();
  expect(decodePlace('_____w')).toBeNull();
});
