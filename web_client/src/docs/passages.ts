import * as Y from 'yjs';

/** Sentences of a document, and the places in it that stay with them while others write (Yjs relative positions). */

export interface PassagePlace {
  /** Encoded relative positions in base64url. */
  start: string;
  end: string;
}

export interface Sentence extends PassagePlace {
  words: string;
}

const FRAGMENT = 'default';
/** What the hub keeps of one at most. */
const WORDS_LENGTH = 600;
/** Nobody looks through more of them in a list. */
const MOST = 1_000;

/** In reading order; those without a letter or digit are left out. */
export function sentencesOf(doc: Y.Doc, language: string): Sentence[] {
  const segments = new Intl.Segmenter(language, { granularity: 'sentence' });
  const found: Sentence[] = [];
  for (const text of textsIn(doc.getXmlFragment(FRAGMENT))) {
    for (const { segment, index } of segments.segment(plain(text))) {
      const words = segment.trim().slice(0, WORDS_LENGTH);
      if (!/[\p{L}\p{N}]/u.test(words)) continue;
      const from = index + segment.indexOf(words);
      found.push({ words, start: placeAt(text, from, 0), end: placeAt(text, from + words.length, -1) });
      if (found.length === MOST) return found;
    }
  }
  return found;
}

/** The position that was encoded; null for what is none, as a link may hold. */
export function decodePlace(encoded: string): Y.RelativePosition | null {
  try {
    const place = Y.decodeRelativePosition(fromBase64url(encoded));
    return (place.item ?? place.type ?? place.tname) ? place : null;
  } catch {
    return null;
  }
}

function* textsIn(parent: Y.XmlFragment): Generator<Y.XmlText> {
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) yield child;
    else if (child instanceof Y.XmlFragment) yield* textsIn(child);
  }
}

const plain = (text: Y.XmlText): string =>
  (text.toDelta() as { insert: unknown }[]).map(({ insert }) => (typeof insert === 'string' ? insert : ' ')).join('');

const placeAt = (text: Y.XmlText, index: number, side: number): string =>
  toBase64url(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index, side)));

const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');

const fromBase64url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
