import { call } from '../call/call.svelte';
import type { Rung } from '../call/ladder';
import { t, type Key } from '../catalogue';

type Lowered = Exclude<Rung, 'whole'>;
type Cause = 'line' | 'machine';

const LOWERED: Record<Cause, Record<Lowered, Key>> = {
  line: {
    fewer: 'line_slow_fewer',
    speaker: 'line_slow_speaker',
    voice: 'line_slow_voice',
    text: 'line_slow_text',
  },
  machine: {
    fewer: 'line_machine_fewer',
    speaker: 'line_machine_speaker',
    voice: 'line_machine_voice',
    text: 'line_slow_text',
  },
};
const SHORT: Record<Lowered, Key> = {
  fewer: 'line_short_fewer',
  speaker: 'line_short_speaker',
  voice: 'line_short_voice',
  text: 'line_short_text',
};

/** What is wrong with the own line or machine, and what was done about it; empty: nothing was done. */
export function lineWords(): string {
  if (call.phase !== 'connected') return '';
  const { received, cameraHeld, cause } = call.line;
  const sentences = [received === 'whole' ? '' : t(LOWERED[cause][received]), cameraHeld ? t('line_camera_held') : ''];
  return sentences.filter(Boolean).join(' ');
}

/** The same in a few words, for the own tile. */
export function shortLineWords(): string {
  if (call.phase !== 'connected') return '';
  const { received, cameraHeld } = call.line;
  const words = [received === 'whole' ? '' : t(SHORT[received]), cameraHeld ? t('line_short_held') : ''];
  return words.filter(Boolean).join(' · ');
}
