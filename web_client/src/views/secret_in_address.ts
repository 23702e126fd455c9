/** The secret behind the # of a mailed link; it is taken out of the address, so that nobody finds it in the history. */
export function takeSecret(): string {
  const secret = new URLSearchParams(location.hash.slice(1)).get('secret') ?? '';
  if (secret) history.replaceState(null, '', location.pathname);
  return secret;
}
