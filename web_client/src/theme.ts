export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED_AS = 'hub_theme';

export function savedTheme(): Theme {
  const saved = localStorage.getItem(STORED_AS) as Theme;
  return THEMES.includes(saved) ? saved : 'auto';
}

/** Light, dark, or as the device prefers (`auto`); remembered in this browser. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(STORED_AS, theme);
}
