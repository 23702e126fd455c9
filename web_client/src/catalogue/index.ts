export {
  direction,
  formatDate,
  formatDay,
  formatTime,
  LANGUAGES,
  language,
  languageName,
  setLanguage,
  t,
  type Key,
} from './catalogue.svelte';
