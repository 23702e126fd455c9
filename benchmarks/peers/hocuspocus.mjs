// The peer of benchmarks/documents.py: a stock Hocuspocus with its own SQLite extension.
// Arguments: port, database file, flush delay in ms (its batching; 0 is its default).
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

const [port, database, flushDelay] = process.argv.slice(2);
const server = new Server({
  port: Number(port),
  address: '127.0.0.1',
  quiet: true,
  flushDelay: Number(flushDelay),
  extensions: [new SQLite({ database })],
});
await server.listen();
console.log('ready');
