import { t, type Key } from '../catalogue';
import type { Sign } from './conversation.svelte';

/** What can be felt about a message, with a picture that every system has. */
export const SIGNS: readonly [Sign, string][] = [
  ['thumbs_up', '👍'],
  ['heart', '❤️'],
  ['laugh', '😄'],
  ['clap', '👏'],
  ['wow', '😮'],
  ['question', '❓'],
];

const WORDS: Record<Sign, Key> = {
  thumbs_up: 'sign_thumbs_up',
  heart: 'sign_heart',
  laugh: 'sign_laugh',
  clap: 'sign_clap',
  wow: 'sign_wow',
  question: 'sign_question',
};

export const signWords = (sign: Sign): string => t(WORDS[sign]);
export const signPicture = (sign: Sign): string => SIGNS.find(([each]) => each === sign)?.[1] ?? '';
