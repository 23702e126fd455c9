// A stock tus client: node --import ./web_client_modules.mjs uploads.mjs '{"endpoint", "token", "path", "filename"}'
import { readFileSync } from 'node:fs';
import { Upload } from 'tus-js-client';

const { endpoint, token, path, filename } = JSON.parse(process.argv[2]);
const say = (said) => process.stdout.write(JSON.stringify(said) + '\n');

const upload = new Upload(readFileSync(path), {
  endpoint,
  metadata: { filename },
  headers: { Authorization: `Bearer ${token}` },
  retryDelays: Array(100).fill(500),
  onError: (error) => say({ error: String(error) }),
  onSuccess: () => say({ done: upload.url }),
});
upload.start();
