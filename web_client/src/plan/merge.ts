/** What somebody changed while a dialog was open, and what becomes of it: their text where mine is as it was. */
export function merge<T extends object>(base: T, mine: T, theirs: T): { merged: T; both: (keyof T)[] } {
  const merged = { ...mine };
  const both: (keyof T)[] = [];
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  for (const name of Object.keys(mine) as (keyof T)[]) {
    if (same(mine[name], base[name])) merged[name] = theirs[name];
    else if (!same(theirs[name], base[name]) && !same(theirs[name], mine[name])) both.push(name);
  }
  return { merged, both };
}
