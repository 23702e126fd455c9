export {
  direction,
  formatDate,
  formatDay,
  formatTime,
  LANGUAGES,
  language,
  languageName,
  regionName,
  setLanguage,
  t,
  type Key,
} from './catalogue.svelte';
