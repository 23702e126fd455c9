import type { DeviceKind } from '../call/devices';
import type { Layout } from '../together/layout.svelte';

/** What a person chose in the lobby last time, on this device. */
export interface Preferences {
  deviceIds: Record<DeviceKind, string | null>;
  wanted: Record<DeviceKind, boolean>;
  /** Single keys act in the meeting; some people's tools type them by accident. */
  keys: boolean;
  /** The microphone is open while the space bar is held. */
  pushToTalk: boolean;
  /** Screen readers are told who speaks. */
  saySpeakers: boolean;
  /** The background of one's camera is blurred where the machine can. */
  blur: boolean;
  /** How people and words share the meeting's stage. */
  layout: Layout;
  /** The end of a timer can be heard. */
  timerSounds: boolean;
}

const KEY = 'hub_meeting';
const FIRST_TIME: Preferences = {
  deviceIds: { microphone: null, camera: null },
  wanted: { microphone: true, camera: true },
  keys: true,
  pushToTalk: false,
  saySpeakers: true,
  blur: false,
  layout: 'grid',
  timerSounds: true,
};

export function readPreferences(): Preferences {
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
    return {
      deviceIds: { ...FIRST_TIME.deviceIds, ...saved.deviceIds },
      wanted: { ...FIRST_TIME.wanted, ...saved.wanted },
      keys: saved.keys ?? FIRST_TIME.keys,
      pushToTalk: saved.pushToTalk ?? FIRST_TIME.pushToTalk,
      saySpeakers: saved.saySpeakers ?? FIRST_TIME.saySpeakers,
      blur: saved.blur ?? FIRST_TIME.blur,
      layout: saved.layout ?? FIRST_TIME.layout,
      timerSounds: saved.timerSounds ?? FIRST_TIME.timerSounds,
    };
  } catch {
    return FIRST_TIME; // Storage is closed to us, or holds something else.
  }
}

export function savePreferences(change: Partial<Preferences>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readPreferences(), ...change }));
  } catch {
    return; // Storage is closed to us: the choice holds until the page is left.
  }
}
