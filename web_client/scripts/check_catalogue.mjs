// Fails when a catalogue lacks a key, has one nobody uses, mixes up placeholders or plural forms, when t() is given an
// unknown key, or when markup carries text that is not in the catalogue.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'svelte/compiler';

const root = join(import.meta.dirname, '..', 'src');
const REFERENCE = 'en';
const PLURAL = /^(.+)_(zero|one|two|few|many|other)$/;
const READ_OUT = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'title',
  'placeholder',
  'alt',
  'label',
]);
const problems = [];

const folder = join(root, 'catalogue');
const languages = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const areas = readdirSync(join(folder, REFERENCE)).map((file) => file.replace(/\.json$/, ''));
for (const language of languages)
  for (const file of readdirSync(join(folder, language)))
    if (!areas.includes(file.replace(/\.json$/, ''))) problems.push(`${language}/${file} is not in ${REFERENCE}`);

/** base key → {form or '': sentence} */
function read(language, area) {
  const table = JSON.parse(readFileSync(join(folder, language, `${area}.json`), 'utf8'));
  const bases = new Map();
  for (const [key, sentence] of Object.entries(table)) {
    if (typeof sentence !== 'string' || sentence.trim() === '') problems.push(`${language}/${area}: ${key} is empty`);
    const [, base = key, form = ''] = PLURAL.exec(key) ?? [];
    if (!bases.has(base)) bases.set(base, {});
    bases.get(base)[form] = String(sentence);
  }
  return bases;
}

const placeholdersOf = (sentence) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]);
const placeholders = (forms) => [...new Set(Object.values(forms).flatMap(placeholdersOf))].sort().join(' ');

const known = new Map();
for (const area of areas) {
  const reference = read(REFERENCE, area);
  for (const [base, forms] of reference) {
    if (known.has(base)) problems.push(`${area}: ${base} is also in ${known.get(base)}`);
    known.set(base, area);
    if (!('' in forms) && !placeholdersOf(Object.values(forms).join()).includes('count'))
      problems.push(`${REFERENCE}/${area}: ${base} has plural forms but no {{count}}`);
  }
  for (const language of languages) {
    const catalogue = read(language, area);
    const wanted = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
    for (const base of reference.keys())
      if (!catalogue.has(base)) problems.push(`${language}/${area}: ${base} is missing`);
    for (const [base, forms] of catalogue) {
      const original = reference.get(base);
      if (!original) {
        problems.push(`${language}/${area}: ${base} is not in ${REFERENCE}`);
        continue;
      }
      if (placeholders(forms) !== placeholders(original))
        problems.push(`${language}/${area}: ${base} has other placeholders`);
      if ('' in original !== '' in forms)
        problems.push(`${language}/${area}: ${base} should ${'' in original ? 'not ' : ''}be plural`);
      if ('' in forms) continue;
      for (const form of wanted) if (!(form in forms)) problems.push(`${language}/${area}: ${base}_${form} is missing`);
      for (const form of Object.keys(forms))
        if (!wanted.has(form)) problems.push(`${language}/${area}: ${base}_${form} is no form of ${language}`);
    }
  }
}

const used = new Set();

/** Keys are used where they stand as a string of their own: t('key'), or in a table of keys. */
function collectKeys(path, source) {
  for (const [, key] of source.matchAll(/\bt\(\s*'([^']+)'/g)) {
    if (!known.has(key)) problems.push(`${path}: t('${key}') is in no catalogue`);
  }
  for (const [, key] of source.matchAll(/['"`]([a-z0-9_]+)['"`]/gi)) used.add(key);
}

const isText = (text) => /\p{L}{2,}/u.test(text);

function checkMarkup(path, node) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const child of node) checkMarkup(path, child);
    return;
  }
  if (node.type === 'StyleDirective') return;
  if (node.type === 'Text' && isText(node.data))
    problems.push(`${path}: "${node.data.trim()}" is not in the catalogue`);
  if (node.type === 'Attribute') {
    const values = Array.isArray(node.value) ? node.value : [];
    const text = values
      .filter((value) => value.type === 'Text')
      .map((value) => value.data)
      .join('');
    if (READ_OUT.has(node.name) && isText(text))
      problems.push(`${path}: ${node.name}="${text}" is not in the catalogue`);
    return;
  }
  for (const [name, child] of Object.entries(node)) if (name !== 'parent') checkMarkup(path, child);
}

for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(svelte|ts)$/.test(entry.name) || entry.name.endsWith('.test.ts')) continue;
  const file = join(entry.parentPath, entry.name);
  const path = relative(root, file);
  const source = readFileSync(file, 'utf8');
  collectKeys(path, source);
  if (entry.name.endsWith('.svelte')) checkMarkup(path, parse(source, { modern: true, filename: path }).fragment);
}
for (const [base, area] of known) if (!used.has(base)) problems.push(`${area}: ${base} is used nowhere`);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${known.size} keys in ${languages.join(', ')}: complete`);
