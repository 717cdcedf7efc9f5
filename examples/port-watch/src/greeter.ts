import { createServer } from 'node:net';

// Stands for a service: greets whoever comes. `node dist/greeter.js <port>`
const port = Number(process.argv[2]);
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end('220 well met\r\n');
});
server.listen(port, '127.0.0.1', () => console.log(`greets on ${port}`));
server.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});
// Its input ends when the watch does, even one that was killed.
process.stdin.resume().once('end', () => process.exit());
