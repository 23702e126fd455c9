const KEY = 'hub_captions';

export type Size = 'small' | 'medium' | 'large';
export type Place = 'below' | 'above';

interface Choice {
  languages: string[];
  size: Size;
  place: Place;
}

function read(): Choice {
  const start: Choice = { languages: [], size: 'medium', place: 'below' };
  try {
    return { ...start, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Choice>) };
  } catch {
    return start; // Written by something else than us.
  }
}

/** What this person wants to see of captions, on this device. */
export const captionChoice = $state<Choice>(read());

export function keepCaptionChoice(): void {
  localStorage.setItem(KEY, JSON.stringify(captionChoice));
}
