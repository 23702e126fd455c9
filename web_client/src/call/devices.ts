export type DeviceKind = 'microphone' | 'camera';
/** Why there is no picture or sound of one's own, in the words of `call_device_…`. */
export type DeviceProblem = 'denied' | 'none' | 'busy' | 'unplugged' | 'unsupported' | 'failed';

export interface Device {
  id: string;
  label: string;
}
export type Devices = Record<DeviceKind, Device[]>;

export type Opened = { track: MediaStreamTrack } | { problem: DeviceProblem };

const mediaDevices = (): MediaDevices | undefined => navigator.mediaDevices;

const PICTURE: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 24, max: 24 },
};
const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Opens microphone and camera with one question to the person; each may fail for itself. */
export async function openBoth(
  ids: Record<DeviceKind, string | null>,
  blur = false,
): Promise<Record<DeviceKind, Opened>> {
  try {
    const constraints = {
      audio: constraintsFor('microphone', ids.microphone),
      video: constraintsFor('camera', ids.camera, blur),
    };
    const stream = await mediaDevices()?.getUserMedia(constraints);
    return { microphone: opened('microphone', stream), camera: opened('camera', stream) };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === 'denied') return { microphone: { problem }, camera: { problem } };
    return {
      microphone: await openDevice('microphone', ids.microphone),
      camera: await openDevice('camera', ids.camera, blur),
    };
  }
}

/** Opens a microphone or camera; asks the person for permission where the browser does. Stop the track to release it. */
export async function openDevice(kind: DeviceKind, deviceId: string | null, blur = false): Promise<Opened> {
  const devices = mediaDevices();
  if (!devices) return { problem: 'unsupported' };
  const constraints = constraintsFor(kind, deviceId, blur);
  try {
    return opened(
      kind,
      await devices.getUserMedia(kind === 'camera' ? { video: constraints } : { audio: constraints }),
    );
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

const constraintsFor = (kind: DeviceKind, deviceId: string | null, blur = false): MediaTrackConstraints => ({
  ...(kind === 'camera' ? PICTURE : SOUND),
  ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
  // Browsers that don't know it pass over it.
  ...(kind === 'camera' && blur ? { backgroundBlur: { ideal: true } } : {}),
});

function opened(kind: DeviceKind, stream: MediaStream | undefined): Opened {
  if (!stream) return { problem: 'unsupported' };
  const track = (kind === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks())[0];
  if (!track) return { problem: 'none' };
  track.contentHint = kind === 'camera' ? 'motion' : 'speech';
  return { track };
}

export interface Shared {
  screen: MediaStreamTrack;
  sound: MediaStreamTrack | null;
}

/** Lets the person pick a screen, window or tab; null when they changed their mind. */
export async function openScreen(): Promise<Shared | { problem: DeviceProblem } | null> {
  const devices = mediaDevices();
  if (!devices || !('getDisplayMedia' in devices)) return { problem: 'unsupported' };
  try {
    const stream = await devices.getDisplayMedia({
      video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 8, max: 8 } },
      audio: true,
    });
    const screen = stream.getVideoTracks()[0];
    if (!screen) return { problem: 'none' };
    screen.contentHint = 'detail';
    return { screen, sound: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    const problem = problemOf(error);
    return problem === 'denied' ? null : { problem };
  }
}

export const canShareScreen = (): boolean => 'getDisplayMedia' in (mediaDevices() ?? {});

/** What can be picked. Labels are empty, and left out here, until permission was given once. */
export async function listDevices(): Promise<Devices> {
  const found: Devices = { microphone: [], camera: [] };
  for (const { kind, deviceId, label } of (await mediaDevices()?.enumerateDevices()) ?? []) {
    if (!deviceId || !label) continue;
    if (kind === 'audioinput') found.microphone.push({ id: deviceId, label });
    if (kind === 'videoinput') found.camera.push({ id: deviceId, label });
  }
  return found;
}

/** Calls `handler` when something was plugged in or out, until the returned function is called. */
export function onDeviceChange(handler: () => void): () => void {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', handler);
  return () => devices?.removeEventListener('devicechange', handler);
}

function problemOf(error: unknown): DeviceProblem {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
