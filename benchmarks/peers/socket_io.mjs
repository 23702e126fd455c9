// A chat as small as one can be on npm's socket.io: who enters a room hears what is posted there. Nothing is stored.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { serveClient: false });
let seq = 0;
io.on('connection', (socket) => {
  socket.on('twinspace:enter', ({ twinspace_id }, answer) => {
    socket.join(twinspace_id);
    answer({ ok: true });
  });
  socket.on('chat:post', ({ twinspace_id, client_message_id, text }, answer) => {
    const message = {
      twinspace_id,
      lane: 'all',
      seq: (seq += 1),
      client_message_id,
      user_id: socket.id,
      display_name: 'Somebody of a class',
      text,
      posted_at_ms: Date.now(),
    };
    io.to(twinspace_id).emit('chat:posted', message);
    answer({ ok: true, ...message });
  });
});
http.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
