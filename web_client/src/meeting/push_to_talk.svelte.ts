import { call } from '../call/call.svelte';
import { readPreferences, savePreferences } from './preferences';
import { roomRules } from './room_rules.svelte.js';

/** What the space bar writes into or belongs to, wherever the focus came from. */
const FIELDS = 'input, select, textarea, [contenteditable], dialog, [role^="menu"]';
/** What the space bar presses when one came to it by keyboard; after a click it talks. */
const CONTROLS = 'button, a[href], summary, [role="tab"], [tabindex]:not([tabindex="-1"])';

/** Whether the space bar is this element's own. `pointed`: the focus came there by a pointer. */
export function keepsSpace(target: EventTarget | null, pointed: boolean): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest(FIELDS) !== null || (!pointed && target.closest(CONTROLS) !== null);
}

/** The microphone is open while a key is held, for who wants it so. */
class PushToTalk {
  /** Wanted on this device. */
  wanted = $state(readPreferences().pushToTalk);
  /** The key is held, and the microphone open because of it. */
  talking = $state(false);

  want(wanted: boolean): void {
    this.release();
    this.wanted = wanted;
    savePreferences({ pushToTalk: wanted });
    if (wanted) call.own.microphone.turnOff();
  }

  /** Whether it has something to do: a microphone that is on already stays as it is. */
  press(): boolean {
    const { microphone } = call.own;
    if (!this.wanted || this.talking || microphone.on) return this.talking;
    if (roomRules.closed('microphone')) {
      roomRules.explained = 'microphone';
      return true;
    }
    this.talking = true;
    void microphone.turnOn();
    return true;
  }

  release(): void {
    if (!this.talking) return;
    this.talking = false;
    call.own.microphone.turnOff();
  }
}

export const pushToTalk = new PushToTalk();
