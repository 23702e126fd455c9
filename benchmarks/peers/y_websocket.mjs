// A peer of benchmarks/documents.py: the reference y-websocket server, which keeps documents in memory.
// Argument: port.
import http from 'node:http';
import { WebSocketServer } from 'ws';
import { setupWSConnection } from '@y/websocket-server/utils';

const sockets = new WebSocketServer({ noServer: true });
sockets.on('connection', setupWSConnection);
const server = http.createServer();
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
