/** Signing in through a school's own sign-in: what this tab keeps while the browser is away at the provider. */
import { post } from '../protocol/api';
import type { ProviderSignIn, UnknownPerson } from '../protocol/shapes';
import { paths } from '../routes';

const AWAY = 'hub_provider_away';
const LINK = 'hub_provider_link';
const SIGN_OUT = 'hub_provider_sign_out';

/** Sends the browser to the provider; it comes back to `/sign-in/provider`. */
export async function goToProvider(providerId: string): Promise<void> {
  const { url, secret } = await post<ProviderSignIn>('/api/v1/login/provider', { provider_id: providerId });
  sessionStorage.setItem(AWAY, secret);
  location.assign(url);
}

export interface Return {
  secret: string;
  state: string;
  code: string;
  iss: string | null;
}

/** What the browser came back with, which is then nowhere any more; null when it is no answer to this tab's question. */
export function takeReturn(): Return | 'declined' | null {
  const said = new URLSearchParams(location.search);
  const secret = sessionStorage.getItem(AWAY);
  sessionStorage.removeItem(AWAY);
  history.replaceState(history.state, '', location.pathname);
  if (said.get('error') === 'access_denied') return 'declined';
  const [state, code] = [said.get('state'), said.get('code')];
  return secret && state && code ? { secret, state, code, iss: said.get('iss') } : null;
}

/** Links the account to this person as soon as somebody has signed in here. */
export const linkLater = (person: UnknownPerson): void => sessionStorage.setItem(LINK, person.secret);

export function takeLink(): string | null {
  const secret = sessionStorage.getItem(LINK);
  sessionStorage.removeItem(LINK);
  return secret;
}

/** Where somebody who has just signed in goes first. */
export const firstPage = (): string => (sessionStorage.getItem(LINK) ? paths.account : paths.desk);

/** Machines are shared: who signs out here is to be signed out at the school too. */
export function rememberSignOut(url: string | null): void {
  if (url && /^https?:\/\//.test(url)) localStorage.setItem(SIGN_OUT, url);
  else localStorage.removeItem(SIGN_OUT);
}

export function takeSignOut(): string | null {
  const url = localStorage.getItem(SIGN_OUT);
  localStorage.removeItem(SIGN_OUT);
  return url;
}
