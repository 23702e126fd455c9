import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { readComments, readMarks } from './wall_talk';

const put = (map: Y.Map<unknown>, key: string, fields: Record<string, unknown>) =>
  map.set(key, new Y.Map(Object.entries(fields)));

test('comments stand by their cards, oldest first, and what is no comment is left out', () => {
  const map = new Y.Doc().getMap('comments');
  put(map, 'b', { card_id: 'one', text: 'Second', created_at_ms: 2, author_name: 'Kuba' });
  put(map, 'a', { card_id: 'one', text: 'First', created_at_ms: 1 });
  put(map, 'c', { card_id: 'two', text: 'Other', created_at_ms: 3 });
  map.set('odd', 'no comment');
  put(map, 'lost', { text: 'of no card' });
  const found = readComments(map);
  expect([...found.keys()].sort()).toEqual(['one', 'two']);
  expect(found.get('one')?.map(({ text }) => text)).toEqual(['First', 'Second']);
});

test('marks are counted, and one knows one’s own', () => {
  const map = new Y.Doc().getMap('marks');
  put(map, 'one me', { card_id: 'one', user_id: 'me', reaction: 'heart', stars: 4, vote: true, choice: 'a' });
  put(map, 'one you', { card_id: 'one', user_id: 'you', reaction: 'heart', stars: 9, vote: false, choice: 'a' });
  put(map, 'one odd', { card_id: 'one', user_id: 'odd', reaction: 'rude', stars: -1 });
  const marks = readMarks(map, 'me').get('one');
  expect(marks).toEqual({
    reactions: { heart: 2 },
    votes: 1,
    starred: 2,
    stars: 9,
    choices: { a: 2 },
    mine: { reaction: 'heart', stars: 4, vote: true, choice: 'a' },
  });
});
