import { call } from '../call/call.svelte';
import type { DeviceKind } from '../call/devices';
import { readPreferences, savePreferences } from './preferences';
import { roomRules } from './room_rules.svelte.js';

/** Turns one's own microphone or camera on or off and remembers it for the next lobby; says why where it is closed. */
export function switchDevice(kind: DeviceKind): void {
  const device = call.own[kind];
  const wanted = !device.on;
  if (wanted && roomRules.closed(kind)) {
    roomRules.explained = kind;
    return;
  }
  savePreferences({ wanted: { ...readPreferences().wanted, [kind]: wanted } });
  if (wanted) void device.turnOn().then(() => call.own.refreshDevices());
  else device.turnOff();
}

/** Starts or ends sharing one's own screen; says why where it is closed. */
export function switchScreen(): void {
  if (call.own.screen) call.own.stopScreen();
  else if (roomRules.closed('screen')) roomRules.explained = 'screen';
  else void call.own.shareScreen();
}
