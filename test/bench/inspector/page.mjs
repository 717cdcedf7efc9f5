// One page of the inspector, as far as the program can tell: it reads everything, and watches the actor it is given.
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../../../packages/inspector/package.json', import.meta.url))('ws');
const [, , url, actorId] = process.argv;
const { origin, host } = new URL(url);
const answer = await fetch(new URL('/token', url), { headers: { 'sec-fetch-site': 'same-origin' } });
const token = (await answer.text()).trim();
const socket = new WebSocket(`ws://${host}/`, ['watchkeeper.inspector.v1', `token.${token}`], { headers: { origin } });
socket.on('message', (frame, isBinary) => {
  if (isBinary || !String(frame).includes('"ready"')) return;
  if (actorId !== '') socket.send(JSON.stringify({ type: 'watch', actorId }));
  console.log('ready');
});
socket.on('close', () => process.exit(0));
