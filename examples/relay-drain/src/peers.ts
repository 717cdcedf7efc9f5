import { parseArgs } from 'node:util';
import { connectPeer, type PeerClient } from './connectPeer.ts';

// Five peers of a relay: a camera, two who watch it, one who does not leave when told to, and one who says hello late.
const { values } = parseArgs({ options: { url: { type: 'string', default: 'ws://127.0.0.1:4710/' } } });

async function enter(name: string): Promise<PeerClient> {
  const peer = await connectPeer(values.url, name);
  peer.say({ type: 'hello', name });
  await peer.next('welcome');
  return peer;
}

/** Asks for a track, and tells what came of it. */
async function watch(peer: PeerClient, track: string): Promise<void> {
  peer.say({ type: 'subscribe', track });
  const word = await Promise.race([peer.next('subscribed'), peer.next('refused')]);
  console.log(`${peer.name}: ${word.type} ${track}${word.type === 'refused' ? ` (${word.code})` : ''}`);
}

/** Finishes what it has begun, one more object, and goes. */
async function leaveWhenTold(peer: PeerClient, finish: () => Promise<unknown>): Promise<void> {
  const { reason, graceMs } = await peer.next('goaway');
  console.log(`${peer.name}: told to go (${reason}), with ${graceMs} ms to finish`);
  await finish();
  peer.leave();
}

const camera = await enter('camera');
for (const track of ['hall', 'roof']) {
  camera.say({ type: 'publish', track });
  await camera.next('published');
}
const [alice, bob, deaf] = await Promise.all(['alice', 'bob', 'deaf'].map(enter));
if (alice === undefined || bob === undefined || deaf === undefined) throw new Error('Nobody came');
const late = await connectPeer(values.url, 'late');

await watch(alice, 'hall');
const { track } = await camera.next('demand');
let frame = 0;
const filming = setInterval(() => {
  frame += 1;
  camera.say({ type: 'object', track, body: { frame } });
}, 50);
console.log(`alice: sees ${JSON.stringify((await alice.next('object')).body)}`);

// The camera is going: what flows goes on, and may be joined; nothing new is asked of it.
camera.say({ type: 'goaway' });
await watch(bob, 'hall');
await watch(deaf, 'roof');
console.log('ready: now send the relay SIGTERM');

const seen = (peer: PeerClient) => peer.next('object');
const watching = Promise.all([leaveWhenTold(alice, () => seen(alice)), leaveWhenTold(bob, () => seen(bob))]);
const { graceMs } = await deaf.next('goaway');
console.log(`deaf: told to go, with ${graceMs} ms to finish; stays`);
const told = late.next('goaway');
late.say({ type: 'hello', name: 'late' });
await told;
console.log('late: told to go with the welcome');
late.leave();
await watching;
clearInterval(filming);
await leaveWhenTold(camera, async () => {});
for (const peer of [alice, bob, camera, late, deaf]) console.log(`${peer.name}: closed with ${await peer.closed}`);
