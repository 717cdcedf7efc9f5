// The clients of one server of the serving bench, in a process of their own, as light as they can be made: each looks
// at whether something came, and takes nothing apart.
//   node test/bench/serving/clients.mjs <webSocket|eventStream|watch> <port> <clients> <of them not reading>
// Answers `arm` with `armed`, then says the time in nanoseconds at which the last client that reads was told.
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { answerLines } from './talk.mjs';

const host = '127.0.0.1';
const atOnce = 200;
const watchesPerConnection = 500;
const quietMs = 1_000;

const upgrade =
  'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const subscribe = 'GET /feed HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n';

const isGoaway = (chunk) => chunk.includes('"type":"goaway"');

/** Bare TCP: what the server says is only looked at for the word to go. */
const overTcp = (request) => async (port, clients, silent, hear) => {
  for (let made = 0; made < clients; made += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, clients - made) }, async (_, index) => {
      const socket = connect(port, host);
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(request);
      await once(socket, 'readable');
      if (made + index < silent) return;
      const told = hear();
      socket.on('data', (chunk) => {
        told();
        if (isGoaway(chunk)) socket.end();
      });
    });
    await Promise.all(batch);
  }
};

/** Streams of HTTP/2 by hand. Who does not read has a window of nothing. */
async function watchApi(port, clients, silent, hear) {
  const body = Buffer.from([0, 0, 0, 0, 5, 10, 3, ...Buffer.from('api')]);
  const open = async (count, initialWindowSize, follow) => {
    for (let left = count; left > 0; left -= watchesPerConnection) {
      const session = connectHttp2(`http://${host}:${port}`, { settings: { initialWindowSize } });
      session.on('error', () => {});
      const opened = Array.from({ length: Math.min(left, watchesPerConnection) }, () => {
        const stream = session.request({
          ':method': 'POST',
          ':path': '/grpc.health.v1.Health/Watch',
          'content-type': 'application/grpc',
          te: 'trailers',
        });
        stream.on('error', () => {});
        follow(stream);
        stream.end(body);
        return once(stream, 'response');
      });
      await Promise.all(opened);
    }
  };
  await open(silent, 0, () => {});
  await open(clients - silent, 65_535, (stream) => {
    const told = hear();
    stream.on('data', told);
  });
}

const kinds = { webSocket: overTcp(upgrade), eventStream: overTcp(subscribe), watch: watchApi };

const [kind, port, clients, silent] = process.argv.slice(2);
let round = 0;
let left = 0;
/** What one client calls whenever something came. */
const hear = () => {
  let heard = 0;
  return () => {
    if (heard === round) return;
    heard = round;
    left -= 1;
    if (left === 0) console.log(String(process.hrtime.bigint()));
  };
};

await kinds[kind](Number(port), Number(clients), Number(silent), hear);
// What they are told first is over when nothing has come for a while.
await new Promise((resolve) => setTimeout(resolve, quietMs));
console.log('ready');
await answerLines({
  arm() {
    round += 1;
    left = Number(clients) - Number(silent);
    return 'armed';
  },
});
