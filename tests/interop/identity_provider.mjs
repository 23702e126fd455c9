// A school's identity provider for the tests: the certified OpenID provider of npm, with people who sign in by name.
// Reads its set-up as one line of JSON from stdin, prints its address, and ends when stdin does.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const lines = createInterface({ input: process.stdin });
const [setUp] = [JSON.parse((await lines[Symbol.asyncIterator]().next()).value)];
const issuer = `http://localhost:${setUp.port}`;
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const provider = new Provider(issuer, {
  clients: setUp.clients,
  jwks: { keys: [{ ...key, kid: randomUUID(), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomUUID()] },
  claims: { openid: ['sub', 'role', 'group'], email: ['email', 'email_verified'], profile: ['name', 'given_name'] },
  conformIdTokenClaims: setUp.conform ?? true,
  findAccount: (_, sub) =>
    setUp.people[sub] && { accountId: sub, claims: () => ({ sub, ...setUp.people[sub] }) },
});

createServer(provider.callback()).listen(setUp.port, 'localhost', () => process.stdout.write(`${issuer}\n`));
lines.on('close', () => process.exit(0));
