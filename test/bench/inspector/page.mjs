// Pages of the inspector, one after the other, as far as the program can tell: each reads everything, and watches the actor
// it is given. Told on its input what to do: `open <url> <actorId>`, `close`.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { WebSocket } = createRequire(new URL('../../../packages/inspector/package.json', import.meta.url))('ws');
let socket;

for await (const line of createInterface({ input: process.stdin })) {
  const [command, url, actorId = ''] = line.split(' ');
  if (command === 'open') await open(url, actorId);
  else socket.terminate();
  console.log(command);
}

async function open(url, actorId) {
  const { origin, host } = new URL(url);
  const answer = await fetch(new URL('/token', url), { headers: { 'sec-fetch-site': 'same-origin' } });
  const token = (await answer.text()).trim();
  socket = new WebSocket(`ws://${host}/`, ['watchkeeper.inspector.v1', `token.${token}`], { headers: { origin } });
  await new Promise((resolve) => {
    socket.on('message', (frame, isBinary) => {
      if (isBinary || !String(frame).includes('"ready"')) return;
      if (actorId !== '') socket.send(JSON.stringify({ type: 'watch', actorId }));
      resolve();
    });
  });
}
