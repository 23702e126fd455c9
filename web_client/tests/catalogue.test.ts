import { beforeEach, describe, expect, it } from 'vitest';
import { formatDate, formatDay, formatTime, language, languageName, setLanguage, t } from '../src/catalogue';

describe('catalogue', () => {
  beforeEach(() => setLanguage('en'));

  it('fills in placeholders', () => {
    expect(t('desk_hello', { name: 'Zosia' })).toBe('Hello, Zosia');
  });

  it('leaves no trace of characters that mean something in a replacement', () => {
    expect(t('desk_hello', { name: '$& $1 {{name}}' })).toBe('Hello, $& $1 {{name}}');
  });

  it.each([
    ['en', 1, '1 person'],
    ['en', 5, '5 people'],
    ['es', 1, '1 persona'],
    ['es', 1_000_000, '1.000.000 de personas'],
    ['pl', 1, '1 osoba'],
    ['pl', 3, '3 osoby'],
    ['pl', 5, '5 osób'],
    ['pl', 22, '22 osoby'],
  ])('takes the plural form of %s for %d', async (tag, count, sentence) => {
    await setLanguage(tag);
    expect(t('people_count', { count })).toBe(sentence);
  });

  it('takes the part of a tag that it knows, and English for anything else', async () => {
    await setLanguage('es-AR');
    expect(language.current).toBe('es');
    await setLanguage('xx');
    expect(language.current).toBe('en');
  });

  it('writes times and days as the language does, English the European way', async () => {
    const at_ms = new Date(2020, 8, 3, 14, 5).getTime();
    expect(formatTime(at_ms)).toBe('14:05');
    expect(formatDate(at_ms)).toMatch(/^3 Sept? 2020$/);
    expect(formatDay(at_ms)).toBe('Thursday 3 September');
    await setLanguage('pl');
    expect(formatDay(at_ms)).toBe('Czwartek, 3 września');
  });

  it('names languages in their own words', () => {
    expect(['en', 'es', 'pl'].map(languageName)).toEqual(['English', 'Español', 'Polski']);
  });
});
