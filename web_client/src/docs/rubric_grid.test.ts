import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { RubricGrid, rubricFaults, textName } from './rubric_grid';

let last = 0;
const newId = () => `id-${++last}`;

function twoClasses() {
  const docs = [new Y.Doc(), new Y.Doc()] as const;
  const meet = () => {
    Y.applyUpdate(docs[0], Y.encodeStateAsUpdate(docs[1]));
    Y.applyUpdate(docs[1], Y.encodeStateAsUpdate(docs[0]));
  };
  return { one: new RubricGrid(docs[0]), two: new RubricGrid(docs[1]), meet };
}

const names = (grid: RubricGrid) => grid.read().criteria.map(({ label }) => label);

test('rows and columns are added, named, moved and removed', () => {
  const { one } = twoClasses();
  const level = one.add('levels', newId);
  const [sources, voice, team] = ['Sources', 'Voice', 'Team'].map((word) => {
    const id = one.add('criteria', newId);
    one.write(textName.criterion(id), word);
    return id;
  }) as [string, string, string];
  one.write(textName.cell(voice, level), 'Everybody hears it');
  one.move('criteria', team, 0);
  expect(names(one)).toEqual(['Team', 'Sources', 'Voice']);
  one.move('criteria', team, 7);
  expect(names(one)).toEqual(['Sources', 'Voice', 'Team']);
  one.remove('criteria', sources);
  expect(one.read().criteria.map(({ cells }) => cells[level])).toEqual(['Everybody hears it', '']);
});

test('what one class writes stays while the other moves its row, and a row moved twice stands once', () => {
  const { one, two, meet } = twoClasses();
  const [first, second] = [one.add('criteria', newId), one.add('criteria', newId)];
  one.write(textName.criterion(first), 'Sources');
  one.write(textName.criterion(second), 'Voice');
  meet();
  one.move('criteria', first, 1);
  two.move('criteria', first, 1);
  two.write(textName.criterion(first), 'Good sources');
  meet();
  expect(names(one)).toEqual(['Voice', 'Good sources']);
  expect(names(two)).toEqual(names(one));
});

test('what keeps it from being sealed is named with its place', () => {
  const { one } = twoClasses();
  expect(rubricFaults(one.read())).toEqual([{ fault: 'no_criteria' }, { fault: 'too_few_levels' }]);
  const ids = [one.add('levels', newId), one.add('levels', newId)];
  one.write(textName.level(ids[0] ?? ''), 'Begun');
  const criterion = one.add('criteria', newId);
  expect(rubricFaults(one.read())).toEqual([
    { fault: 'level_blank', id: ids[1], number: 2 },
    { fault: 'criterion_blank', id: criterion, number: 1 },
  ]);
});
