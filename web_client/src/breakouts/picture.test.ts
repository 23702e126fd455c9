import { expect, test } from 'vitest';
import { sentences } from './picture';

const nothing = {
  school_id: 's',
  talk_percent: null,
  hands: null,
  hands_raised: null,
  hands_called: null,
  hands_wait_ms: null,
  chat: null,
  chat_lines: null,
  polls: null,
  documents: null,
  documents_percent: null,
};

test('what is about too few is left out, and of nothing nothing is said', () => {
  expect(sentences(nothing)).toEqual([]);
  expect(sentences({ ...nothing, chat: 'most', talk_percent: 0 })).toHaveLength(2);
});

test('a level and its figures make one sentence', () => {
  const counts = { hands_raised: 7, hands_called: 5, hands_wait_ms: 65_000 };
  expect(sentences({ ...nothing, hands: 'some', ...counts })).toHaveLength(1);
  expect(sentences({ ...nothing, ...counts })).toHaveLength(1);
});
