import HandHeart from '@lucide/svelte/icons/hand-heart';
import Heart from '@lucide/svelte/icons/heart';
import Laugh from '@lucide/svelte/icons/laugh';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import PartyPopper from '@lucide/svelte/icons/party-popper';
import Sparkles from '@lucide/svelte/icons/sparkles';
import type { Key } from '../../catalogue';
import type { Reaction } from '../../docs/wall_talk';

/** How a reaction looks and is called. Drawn, because not every machine has the letters for them. */
export const SIGNS: Record<Reaction, { icon: typeof Heart; word: Key }> = {
  heart: { icon: Heart, word: 'reaction_heart' },
  clap: { icon: PartyPopper, word: 'reaction_clap' },
  laugh: { icon: Laugh, word: 'reaction_laugh' },
  wow: { icon: Sparkles, word: 'reaction_wow' },
  think: { icon: Lightbulb, word: 'reaction_think' },
  thanks: { icon: HandHeart, word: 'reaction_thanks' },
};
