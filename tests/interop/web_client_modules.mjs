// Lets scripts beside this file import the packages that the web client has installed:
// node --import ./web_client_modules.mjs script.mjs
import { register } from 'node:module';

register('./web_client_resolver.mjs', import.meta.url);
