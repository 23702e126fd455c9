import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { definitionFaults } from './definition_faults';
import { FormDefinition } from './form_definition';

let last = 0;
const newId = () => `id${++last}`;
const sync = (a: Y.Doc, b: Y.Doc) => {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
};
const labels = (form: FormDefinition) => form.read().map(({ label }) => label);

function twoTeachers() {
  const [docA, docB] = [new Y.Doc(), new Y.Doc()];
  return { a: new FormDefinition(docA), b: new FormDefinition(docB), sync: () => sync(docA, docB) };
}

test('each type begins with what it needs', () => {
  const form = new FormDefinition(new Y.Doc());
  form.add('single_choice', newId, ['Yes', 'No']);
  form.add('scale', newId, []);
  const [choice, scale] = form.read();
  expect(choice?.options?.map(({ label }) => label)).toEqual(['Yes', 'No']);
  expect(scale).toMatchObject({ type: 'scale', min: 1, max: 5, required: false, label: '' });
});

test('two teachers typing in one label keep both words', () => {
  const { a, b, sync } = twoTeachers();
  const id = a.add('short_text', newId, []);
  a.setLabel(id, 'Your river');
  sync();
  a.setLabel(id, 'Your long river');
  b.setLabel(id, 'Your river?');
  sync();
  expect(labels(a)).toEqual(['Your long river?']);
  expect(labels(b)).toEqual(labels(a));
});

test('an emoji that is replaced by another of its block stays whole', () => {
  const form = new FormDefinition(new Y.Doc());
  const id = form.add('short_text', newId, []);
  form.setLabel(id, 'a🙂b');
  form.setLabel(id, 'a🙃b');
  expect(labels(form)).toEqual(['a🙃b']);
});

test('questions and options move by steps, cut at the ends', () => {
  const form = new FormDefinition(new Y.Doc());
  const [one] = ['1', '2', '3'].map((label) => {
    const id = form.add('short_text', newId, []);
    form.setLabel(id, label);
    return id;
  }) as [string];
  form.move(one, 1);
  expect(labels(form)).toEqual(['2', '1', '3']);
  form.move(one, 9);
  form.move(one, 1);
  expect(labels(form)).toEqual(['2', '3', '1']);
  const choice = form.add('single_choice', newId, ['x', 'y']);
  const option = form.read()[3]?.options?.[1]?.id as string;
  form.moveItem(choice, 'options', option, -1);
  form.setItem(choice, 'options', option, 'why');
  expect(form.read()[3]?.options?.map(({ label }) => label)).toEqual(['why', 'x']);
  form.deleteItem(choice, 'options', option);
  expect(form.read()[3]?.options?.map(({ label }) => label)).toEqual(['x']);
});

test('a question that two teachers move at once is there once, and one press deletes it', () => {
  const { a, b, sync } = twoTeachers();
  const id = a.add('faces', newId, []);
  a.add('scale', newId, []);
  sync();
  a.move(id, 1);
  b.move(id, 1);
  sync();
  expect(a.read().filter((question) => question.id === id)).toHaveLength(1);
  expect(a.read()).toEqual(b.read());
  a.delete(id);
  sync();
  expect(b.read().map(({ type }) => type)).toEqual(['scale']);
});

test('a range stays a range', () => {
  const form = new FormDefinition(new Y.Doc());
  const id = form.add('scale', newId, []);
  form.setRange(id, { min: 7, max: 3 });
  expect(form.read()[0]).toMatchObject({ min: 7, max: 8 });
  form.setRange(id, { min: -4, max: 99 });
  expect(form.read()[0]).toMatchObject({ min: 0, max: 10 });
});

test('what is missing is named before publishing', () => {
  const form = new FormDefinition(new Y.Doc());
  expect(definitionFaults(form.read())).toEqual([{ questionId: null, fault: 'no_questions' }]);
  const id = form.add('single_choice', newId, ['Yes', '']);
  expect(definitionFaults(form.read())).toEqual([{ questionId: id, fault: 'no_label' }]);
  form.setLabel(id, 'Well?');
  expect(definitionFaults(form.read())).toEqual([{ questionId: id, fault: 'empty_option' }]);
  form.deleteItem(id, 'options', form.read()[0]?.options?.[1]?.id as string);
  expect(definitionFaults(form.read())).toEqual([{ questionId: id, fault: 'too_few_options' }]);
  form.addItem(id, 'options', newId, 'No');
  expect(definitionFaults(form.read())).toEqual([]);
});

test('a grid has rows and columns, a number its bounds, a heading its words', () => {
  const form = new FormDefinition(new Y.Doc());
  const grid = form.add('matrix', newId, ['Good', 'Bad']);
  const [first] = form.read()[0]?.rows ?? [];
  expect(definitionFaults(form.read())[0]?.fault).toBe('no_label');
  form.setLabel(grid, 'How was it?');
  expect(definitionFaults(form.read())[0]?.fault).toBe('empty_row');
  form.read()[0]?.rows?.forEach(({ id }, i) => form.setItem(grid, 'rows', id, `Row ${i}`));
  expect(definitionFaults(form.read())).toEqual([]);
  form.deleteItem(grid, 'rows', first?.id ?? '');
  expect(form.read()[0]?.rows?.map(({ label }) => label)).toEqual(['Row 1']);

  const number = form.add('number', newId, []);
  form.setLabel(number, 'How many?');
  form.setNumber(number, 'min', 5);
  form.setNumber(number, 'max', 5);
  expect(definitionFaults(form.read())).toEqual([{ questionId: number, fault: 'bounds' }]);
  form.setNumber(number, 'max', undefined);
  form.setUnit(number, 'cm');
  expect(form.read()[1]).toMatchObject({ min: 5, max: null, decimals: 0, unit: 'cm' });

  const heading = form.add('section', newId, []);
  form.setText(heading, 'Now the other half.');
  expect(form.read()[2]).toMatchObject({ type: 'section', text: 'Now the other half.' });
});

test('a heading alone is no form', () => {
  const form = new FormDefinition(new Y.Doc());
  form.setLabel(form.add('section', newId, []), 'Only a heading');
  expect(definitionFaults(form.read())).toEqual([{ questionId: null, fault: 'no_questions' }]);
});

test('a condition names answers of a question that comes before', () => {
  const form = new FormDefinition(new Y.Doc());
  const face = form.add('faces', newId, []);
  const why = form.add('short_text', newId, []);
  form.setLabel(face, 'How was it?');
  form.setLabel(why, 'Why?');
  form.setFaces(face, 3);
  form.setCondition(why, { question_id: face, any_of: [1] });
  expect(form.read()[1]?.show_if).toEqual({ question_id: face, any_of: [1] });
  expect(definitionFaults(form.read())).toEqual([]);
  form.setCondition(why, { question_id: face, any_of: [5] });
  expect(definitionFaults(form.read())).toEqual([{ questionId: why, fault: 'condition' }]);
  form.setCondition(why, { question_id: face, any_of: [1] });
  form.move(why, -1);
  expect(definitionFaults(form.read())).toEqual([{ questionId: why, fault: 'condition' }]);
  form.setCondition(why, null);
  expect(definitionFaults(form.read())).toEqual([]);
});

test('questions that wait for each other are named in their circle, and nothing else is said of it', () => {
  const form = new FormDefinition(new Y.Doc());
  const [first, second, third] = ['One', 'Two', 'Three'].map((label) => {
    const id = form.add('single_choice', newId, ['Yes', 'No']);
    form.setLabel(id, label);
    return id;
  }) as [string, string, string];
  const yes = (id: string) => form.read().find((question) => question.id === id)?.options?.[0]?.id ?? '';
  form.setCondition(second, { question_id: third, any_of: [yes(third)] });
  form.setCondition(third, { question_id: second, any_of: [yes(second)] });
  expect(definitionFaults(form.read())).toEqual([{ questionId: second, fault: 'loop', chain: [2, 3, 2] }]);
  form.setCondition(second, { question_id: first, any_of: [yes(first)] });
  expect(definitionFaults(form.read())).toEqual([]);
});

test("the title has words in each of the form's languages, and they go when they are emptied", () => {
  const form = new FormDefinition(new Y.Doc());
  form.setTitleIn('pl', 'Nasz piknik');
  form.setTitleIn('es', 'Nuestro picnic');
  expect(form.readSettings().titles).toEqual({ pl: 'Nasz piknik', es: 'Nuestro picnic' });
  form.setTitleIn('es', '');
  expect(form.readSettings().titles).toEqual({ pl: 'Nasz piknik' });
});
