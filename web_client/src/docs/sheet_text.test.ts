import { expect, test } from 'vitest';
import { sheetText } from './sheet_text';

test.each([
  ['UTF-8', [0xc5, 0xbc], 'en', 'ż'],
  ['UTF-8 with its mark', [0xef, 0xbb, 0xbf, 0xc5, 0xbc], 'en', 'ż'],
  ['UTF-16 as spreadsheets write it', [0xff, 0xfe, 0x7c, 0x01], 'en', 'ż'],
  ['UTF-16 the other way round', [0xfe, 0xff, 0x01, 0x7c], 'en', 'ż'],
  ['the code page of Polish', [0xbf], 'pl', 'ż'],
  ['the code page of Spanish', [0xf1], 'es', 'ñ'],
])('reads %s', (_, bytes, language, text) => {
  expect(sheetText(new Uint8Array(bytes), language)).toBe(text);
});
