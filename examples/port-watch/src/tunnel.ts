import { connect, createServer } from 'node:net';

// Stands for a `kubectl port-forward`: what comes in on one port goes to another. `node dist/tunnel.js <from> <to>`
const [from, to] = process.argv.slice(2).map(Number);
const server = createServer((near) => {
  const far = connect({ host: '127.0.0.1', port: to ?? 0 });
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.resetAndDestroy());
});
server.listen(from, '127.0.0.1', () => console.log(`forwards ${from} to ${to}`));
server.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});
// Its input ends when the watch does, even one that was killed.
process.stdin.resume().once('end', () => process.exit());
