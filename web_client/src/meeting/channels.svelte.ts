import { session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import { trackOf } from '../call/roster';
import { roomRules } from './room_rules.svelte.js';
import { surroundings } from './surroundings.svelte';

/** Behind an interpreter: enough to know who speaks, too little to be in the way. */
const SOFT = 0.15;

export interface Channel {
  language: string;
  /** Who interprets. */
  names: string[];
  /** Somebody's microphone is open. */
  sounds: boolean;
}

/** The languages into which somebody interprets in this meeting. */
class Channels {
  /** Whether the others are heard softly behind an interpreter, or not at all. */
  soft = $state(true);

  get offered(): Channel[] {
    const found: Channel[] = [];
    for (const peer of call.peers) {
      const track = trackOf(peer, 'interpreter');
      if (!track?.language || track.hold === 'locked') continue;
      let channel = found.find(({ language }) => language === track.language);
      if (!channel) found.push((channel = { language: track.language, names: [], sounds: false }));
      channel.names.push(surroundings.nameOf(peer));
      channel.sounds ||= !track.muted;
    }
    return found;
  }

  /** The one that is heard now, while somebody is there who interprets. */
  get heard(): Channel | undefined {
    return this.offered.find(({ language }) => language === call.channel);
  }

  /** How loud everybody is who doesn't interpret: nobody falls silent while the interpreter does. */
  get floorVolume(): number {
    if (!this.heard?.sounds) return 1;
    return this.soft ? SOFT : 0;
  }

  /** Into which language this person may interpret; empty: into none. */
  get mine(): string {
    return roomRules.of(session.user?.id ?? '')?.interprets ?? '';
  }
}

export const channels = new Channels();
