/** Passkeys: the browser's side (W3C Web Authentication). What the hub asks and hears is JSON with base64url in it. */
import { post } from '../protocol/api';
import type { Passkey, PasskeyQuestion } from '../protocol/shapes';

/** The person closed the browser's window, took too long, or has no passkey for this hub here. */
export class NoPasskey extends Error {}
/** This device has a passkey for the account already. */
export class HasPasskey extends Error {}

/** Browsers offer passkeys to secure pages only, and never at a bare IP address. */
export const passkeysPossible = (): boolean =>
  typeof PublicKeyCredential === 'function' && !/^[\d.]+$|:/.test(location.hostname);

const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));

function toText(bytes: ArrayBuffer | null): string | null {
  if (bytes === null) return null;
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

interface AskedNew {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }[];
}

async function ask(work: Promise<Credential | null>): Promise<PublicKeyCredential> {
  let found: Credential | null;
  try {
    found = await work;
  } catch (error) {
    if ((error as DOMException).name === 'InvalidStateError') throw new HasPasskey();
    throw new NoPasskey();
  }
  if (found === null) throw new NoPasskey();
  return found as PublicKeyCredential;
}

/** Asks the device for a new passkey and gives it to the hub. Rejects with NoPasskey, HasPasskey or a ProblemError. */
export async function makePasskey(title: string): Promise<Passkey> {
  const { options } = await post<PasskeyQuestion>('/api/v1/me/passkeys/challenge', {});
  const asked = options as AskedNew;
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: { ...asked.user, id: toBytes(asked.user.id) },
    excludeCredentials: (asked.excludeCredentials ?? []).map((known) => ({ ...known, id: toBytes(known.id) })),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await ask(navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return post<Passkey>('/api/v1/me/passkeys', {
    title,
    credential: {
      id: made.id,
      rawId: toText(made.rawId),
      type: made.type,
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        attestationObject: toText(response.attestationObject),
        transports: response.getTransports(),
      },
    },
  });
}

/** What `POST /api/v1/login/passkey` wants. Rejects with NoPasskey or a ProblemError. */
export async function provePasskey(): Promise<unknown> {
  const { options } = await post<PasskeyQuestion>('/api/v1/login/passkey/challenge', {});
  const asked = options as { challenge: string };
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: [],
  } as unknown as PublicKeyCredentialRequestOptions;
  const proof = await ask(navigator.credentials.get({ publicKey }));
  const response = proof.response as AuthenticatorAssertionResponse;
  return {
    credential: {
      id: proof.id,
      rawId: toText(proof.rawId),
      type: proof.type,
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        authenticatorData: toText(response.authenticatorData),
        signature: toText(response.signature),
        userHandle: toText(response.userHandle),
      },
    },
  };
}
