/**
 * What the system behind a camera does about the background (W3C mediacapture-extensions, `backgroundBlur`): Chromium
 * passes it on from Windows, macOS and ChromeOS where the machine has it; no model is loaded. `always`: only the system's
 * own settings end it.
 */
export type Blur = 'none' | 'choice' | 'always';

export function blurOf(track: Pick<MediaStreamTrack, 'getCapabilities'> | null): Blur {
  // Firefox has no capabilities at all.
  const { backgroundBlur = [] } = (track?.getCapabilities?.() ?? {}) as { backgroundBlur?: boolean[] };
  if (!backgroundBlur.includes(true)) return 'none';
  return backgroundBlur.includes(false) ? 'choice' : 'always';
}

/** Whether the background is blurred now. */
export const isBlurred = (track: Pick<MediaStreamTrack, 'getSettings'> | null): boolean =>
  (track?.getSettings() as { backgroundBlur?: boolean } | undefined)?.backgroundBlur ?? false;
