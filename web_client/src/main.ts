import '@fontsource-variable/commissioner/wght.css';
import '@fontsource-variable/literata/wght.css';
import './styles/tokens.css';
import './styles/elements.css';
import './styles/classes.css';
import './styles/print.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { followAnnouncements } from './app_state.svelte';
import { setLanguage } from './catalogue';
import { keepPage } from './frame/page_worker';
import { applyTheme, savedTheme } from './theme';

applyTheme(savedTheme());
followAnnouncements();
await setLanguage(localStorage.getItem('hub_language') ?? navigator.language);
mount(App, { target: document.getElementById('app') as HTMLElement });
if (import.meta.env.PROD) void keepPage();
