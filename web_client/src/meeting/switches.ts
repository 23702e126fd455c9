import { call } from '../call/call.svelte';
import type { DeviceKind } from '../call/devices';
import { readPreferences, savePreferences } from './preferences';

/** Turns one's own microphone or camera on or off and remembers it for the next lobby. */
export function switchDevice(kind: DeviceKind): void {
  const device = call.own[kind];
  const wanted = !device.on;
  savePreferences({ wanted: { ...readPreferences().wanted, [kind]: wanted } });
  if (wanted) void device.turnOn().then(() => call.own.refreshDevices());
  else device.turnOff();
}

/** Starts or ends sharing one's own screen. */
export function switchScreen(): void {
  if (call.own.screen) call.own.stopScreen();
  else void call.own.shareScreen();
}
