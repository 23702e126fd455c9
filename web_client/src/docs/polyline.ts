/**
 * Whole numbers packed into text as the encoded polyline format has them: differences, five bits to a character. A point near
 * the one before it takes two characters, and Yjs merges a text with its neighbours. The hub reads the same
 * (crdt_docs/content/polyline.py).
 */

const FIRST = 63;
const MOST_BITS = 30;

/** Points of `dimensions` numbers each, one after the other; `before` is the last point of what is there already. */
export function pack(numbers: readonly number[], dimensions: number, before: readonly number[] = []): string {
  let text = '';
  for (let i = 0; i < numbers.length; i++) {
    const last = i < dimensions ? (before[i] ?? 0) : (numbers[i - dimensions] as number);
    const difference = (numbers[i] as number) - last;
    let bits = difference < 0 ? ~(difference << 1) : difference << 1;
    while (bits >= 0x20) {
      text += String.fromCharCode((0x20 | (bits & 0x1f)) + FIRST);
      bits >>= 5;
    }
    text += String.fromCharCode(bits + FIRST);
  }
  return text;
}

/** The numbers again; what is no such text ends where it goes wrong. */
export function unpack(text: string, dimensions: number, most: number): number[] {
  const numbers: number[] = [];
  let bits = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const value = text.charCodeAt(i) - FIRST;
    if (value < 0 || value > 63 || shift >= MOST_BITS) break;
    bits |= (value & 0x1f) << shift;
    shift += 5;
    if (value >= 0x20) continue;
    numbers.push((numbers[numbers.length - dimensions] ?? 0) + (bits & 1 ? ~(bits >> 1) : bits >> 1));
    bits = shift = 0;
    if (numbers.length === most * dimensions) break;
  }
  return numbers.slice(0, numbers.length - (numbers.length % dimensions));
}
