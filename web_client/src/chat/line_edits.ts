/** Characters away at a place, others there: places are counted in code points, as the hub does. */
export interface Edit {
  at: number;
  removed: number;
  inserted: string;
}

/** The smallest single edit that makes `text` of `former`; null when they are the same. */
export function editBetween(former: string, text: string): Edit | null {
  if (former === text) return null;
  const [before, after] = [Array.from(former), Array.from(text)];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return {
    at: start,
    removed: before.length - start - end,
    inserted: after.slice(start, after.length - end).join(''),
  };
}

export function applyEdit(text: string, { at, removed, inserted }: Edit): string {
  const letters = Array.from(text);
  return [...letters.slice(0, at), inserted, ...letters.slice(at + removed)].join('');
}
