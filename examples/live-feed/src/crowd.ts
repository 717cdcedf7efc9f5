import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

// Many clients at once, the first of which never reads. `npm run crowd -- 30 --url ws://127.0.0.1:4620/socket`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: 'ws://127.0.0.1:4620/socket' } },
});
const size = Number(positionals[0] ?? 30);
const outcomes = await Promise.all(Array.from({ length: size }, (_, place) => join(place === 0)));
const refusals = outcomes.filter((outcome) => outcome !== 'in');
console.log(
  `${size - refusals.length} came in, ${refusals.length} were refused${refusals.length > 0 ? `: ${refusals[0]}` : ''}`,
);

/** Settles when the client is in or refused; in, it stays until the feed ends it or tells it to go. */
function join(isStuck: boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(values.url);
    socket.on('open', () => {
      if (isStuck) socket.pause();
      resolve('in');
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(`${response.statusCode}, to come back after ${response.headers['retry-after']} s`);
      response.destroy();
    });
    socket.on('message', (message) => {
      if (JSON.parse(String(message)).type === 'goaway') socket.close(1000);
    });
    socket.on('error', ({ message }) => resolve(message));
  });
}
