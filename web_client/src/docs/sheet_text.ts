/** Code pages in which spreadsheets save a CSV that is not UTF-8, by the language of who saved it. */
const CODE_PAGES: Record<string, string> = {
  bg: 'windows-1251',
  cs: 'windows-1250',
  el: 'windows-1253',
  et: 'windows-1257',
  hr: 'windows-1250',
  hu: 'windows-1250',
  lt: 'windows-1257',
  lv: 'windows-1257',
  pl: 'windows-1250',
  ro: 'windows-1250',
  sk: 'windows-1250',
  sl: 'windows-1250',
  uk: 'windows-1251',
};

/**
 * The text of a file that a spreadsheet or an editor wrote: UTF-8 or UTF-16 as it says itself, else UTF-8 if it is
 * that, else the code page of the reader's language.
 */
export function sheetText(bytes: Uint8Array, language: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(CODE_PAGES[language] ?? 'windows-1252').decode(bytes);
  }
}
