import type * as Y from 'yjs';

/** Makes a text say these words by changing only what differs, so that two people can type in it at once. */
export function rewrite(text: Y.Text, words: string): void {
  const old = text.toString();
  let start = 0;
  while (start < old.length && start < words.length && old[start] === words[start]) start++;
  if (start > 0 && isHighSurrogate(old, start - 1)) start--;
  let end = 0;
  const rest = Math.min(old.length, words.length) - start;
  while (end < rest && old[old.length - 1 - end] === words[words.length - 1 - end]) end++;
  if (end > 0 && isLowSurrogate(old, old.length - end)) end--;
  if (old.length - start - end > 0) text.delete(start, old.length - start - end);
  if (words.length - start - end > 0) text.insert(start, words.slice(start, words.length - end));
}

// Half an emoji must never be kept apart from its other half.
const isHighSurrogate = (text: string, i: number): boolean => (text.charCodeAt(i) & 0xfc00) === 0xd800;
const isLowSurrogate = (text: string, i: number): boolean => (text.charCodeAt(i) & 0xfc00) === 0xdc00;
