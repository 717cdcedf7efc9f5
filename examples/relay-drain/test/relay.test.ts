import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectPeer } from '../src/connectPeer.ts';
import { type Relay, startRelay } from '../src/relay.ts';

let folder: string;
let relay: Relay;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relays-'));
  const drain = { graceMs: 500, deadlineMs: 2_000 };
  relay = await startRelay({ port: 0, folder, maxPeers: 2, drain, say: () => {} });
});

afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function enter(name: string) {
  const peer = await connectPeer(relay.url, name);
  peer.say({ type: 'hello', name });
  await peer.next('welcome');
  return peer;
}

const taken = () => relay.keeper.stats().sessions.taken;

/** The status a handshake is answered with. */
async function refusalOf(socket: WebSocket): Promise<number | undefined> {
  const [, response] = await once(socket, 'unexpected-response');
  response.destroy();
  return response.statusCode;
}

describe('the relay', () => {
  it('gives the slot of a handshake that failed back, and of a peer that left without a hello (INV-15, INV-38)', async () => {
    const broken = request(relay.url.replace('ws', 'http'), {
      headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    }).end();
    const [response] = await once(broken, 'response');
    expect(response.statusCode).toBe(400);
    response.resume();
    const mute = new WebSocket(relay.url);
    await once(mute, 'open');
    mute.close();
    await expect.poll(taken).toBe(0);
  });

  it('refuses whom it has no slot for, before the upgrade (INV-14)', async () => {
    await enter('one');
    await enter('two');
    const third = new WebSocket(relay.url);
    third.on('error', () => {});
    expect(await refusalOf(third)).toBe(503);
    expect(taken()).toBe(2);
  });

  it('remembers nothing of a source that has gone, and tells who watched it (INV-39)', async () => {
    const source = await enter('source');
    source.say({ type: 'publish', track: 'hall' });
    await source.next('published');
    const viewer = await enter('viewer');
    viewer.say({ type: 'subscribe', track: 'hall' });
    await viewer.next('subscribed');
    source.leave();
    expect(await viewer.next('ended')).toEqual({ type: 'ended', track: 'hall' });
    viewer.say({ type: 'subscribe', track: 'hall' });
    expect(await viewer.next('refused')).toEqual({ type: 'refused', track: 'hall', code: 'unknown-track' });
  });

  it('asks nobody for anything new once it drains, and lets what flows go on (INV-37)', async () => {
    const source = await enter('source');
    for (const track of ['hall', 'roof']) source.say({ type: 'publish', track });
    const viewer = await enter('viewer');
    viewer.say({ type: 'subscribe', track: 'hall' });
    await viewer.next('subscribed');
    const drained = relay.keeper.drain();
    await Promise.all([source.next('goaway'), viewer.next('goaway')]);
    viewer.say({ type: 'subscribe', track: 'roof' });
    expect(await viewer.next('refused')).toMatchObject({ track: 'roof', code: 'going-away' });
    source.say({ type: 'object', track: 'hall', body: 'the last' });
    expect(await viewer.next('object')).toMatchObject({ body: 'the last' });
    for (const peer of [source, viewer]) peer.leave();
    expect(await drained).toMatchObject({ reason: 'drained', sessions: { total: 2, early: 2, forced: 0 } });
  });
});
