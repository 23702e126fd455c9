import type { Phase } from './call_state';
import type { LinkState } from './link';

interface Parts {
  joined: boolean;
  everConnected: boolean;
  up: LinkState;
  down: LinkState;
}

/** What a call that goes on is about; a link that connects for the first time, while the other is up, is no interruption. */
export function phaseOf({ joined, everConnected, up, down }: Parts): Phase {
  const states = [up, down];
  if (!joined) return everConnected ? 'reconnecting' : 'joining';
  if (states.includes('interrupted')) return 'reconnecting';
  if (states.includes('connecting'))
    return everConnected && !states.includes('connected') ? 'reconnecting' : 'connecting';
  return 'connected';
}
