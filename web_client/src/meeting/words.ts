import { call } from '../call/call.svelte';
import type { DeviceKind, DeviceProblem } from '../call/devices';
import type { Phase } from '../call/call_state';
import { t, type Key } from '../catalogue';
import { placeName } from './class_seats.svelte.js';

const PHASES: Record<Phase, Key> = {
  joining: 'call_joining',
  connecting: 'call_connecting',
  connected: 'call_connected',
  reconnecting: 'call_reconnecting',
  refused: 'call_refused',
  left: 'call_left',
};

const PROBLEMS: Record<DeviceKind, Record<DeviceProblem, Key>> = {
  microphone: {
    denied: 'call_microphone_denied',
    none: 'call_microphone_none',
    busy: 'call_microphone_busy',
    unplugged: 'call_microphone_unplugged',
    unsupported: 'call_devices_unsupported',
    failed: 'call_microphone_failed',
  },
  camera: {
    denied: 'call_camera_denied',
    none: 'call_camera_none',
    busy: 'call_camera_busy',
    unplugged: 'call_camera_unplugged',
    unsupported: 'call_devices_unsupported',
    failed: 'call_camera_failed',
  },
};

/** The state of the call in words. */
export const phaseWords = (phase: Phase): string => t(PHASES[phase]);

/** What is the matter with a device, and what to do. */
export const problemWords = (kind: DeviceKind, problem: DeviceProblem): string => t(PROBLEMS[kind][problem]);

/** "Marek is speaking", of the others; empty when nobody is. */
export function speakingWords(): string {
  const names = call.peers.filter(({ peer_id }) => call.speakers.speaking.has(peer_id)).map(placeName);
  if (names.length === 0) return '';
  if (names.length === 1) return t('call_is_speaking', { name: names[0] ?? '' });
  if (names.length === 2) return t('call_both_speaking', { name: names[0] ?? '', other: names[1] ?? '' });
  return t('call_are_speaking', { count: names.length });
}

export const PHASE_TONES: Record<Phase, 'calm' | 'busy' | 'warn'> = {
  joining: 'busy',
  connecting: 'busy',
  connected: 'calm',
  reconnecting: 'warn',
  refused: 'warn',
  left: 'busy',
};
