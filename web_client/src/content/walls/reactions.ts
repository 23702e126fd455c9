import type { Key } from '../../catalogue';
import type { Reaction } from '../../docs/wall_talk';

/** How a reaction looks and is called. The sign is drawn by the system's own letters: nothing is fetched. */
export const SIGNS: Record<Reaction, { sign: string; word: Key }> = {
  heart: { sign: '❤️', word: 'reaction_heart' },
  clap: { sign: '👏', word: 'reaction_clap' },
  laugh: { sign: '😄', word: 'reaction_laugh' },
  wow: { sign: '😮', word: 'reaction_wow' },
  think: { sign: '🤔', word: 'reaction_think' },
  thanks: { sign: '🙏', word: 'reaction_thanks' },
};
