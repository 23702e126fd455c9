import { expect, test } from 'vitest';
import { namesIn } from './first_names';

test.each([
  ['Lucía\nHugo\r\n\n  Noa  \n', ['Lucía', 'Hugo', 'Noa']],
  ['Lucía, Hugo; Noa\tLeo', ['Lucía', 'Hugo', 'Noa', 'Leo']],
  ['1. Lucía\n2) Hugo\n3 Noa', ['Lucía', 'Hugo', 'Noa']],
  ['Lucía\tGarcía\t5B\nHugo\tPérez\t5B', ['Lucía', 'Hugo']],
  ['María José\nJosé Luis', ['María José', 'José Luis']],
  ['   \n\t', []],
])('finds the first names in %j', (pasted, names) => expect(namesIn(pasted)).toEqual(names));
