import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fork } from './forked.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relays-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function startRelay(graceMs: number) {
  const args = ['--port', '0', '--grace-ms', String(graceMs), '--folder', folder];
  const program = fork(process.execPath, 'examples/relay-drain/dist/main.js', ...args);
  const url = /ws:\S+/.exec(await program.line(/^The relay: /))?.[0] ?? '';
  await program.line(/^Announced/);
  return { program, url };
}

describe('the relay, as a program', () => {
  it('tells everybody once on SIGTERM, stragglers too, cuts who stays, and accounts for all (INV-25, INV-27, INV-36)', async () => {
    const { program, url } = await startRelay(1_500);
    await using relay = program;
    await using peers = fork(process.execPath, 'examples/relay-drain/dist/peers.js', '--url', url);
    await peers.line(/^ready/);
    expect(peers.lines).toContain('bob: subscribed hall');
    expect(peers.lines).toContain('deaf: refused roof (going-away)');
    expect(await readdir(folder)).toHaveLength(1);
    // Half open: it has a slot, and nobody waits for it (INV-28).
    const mute = new WebSocket(url);
    mute.on('error', () => {});
    await once(mute, 'open');

    relay.signal('SIGTERM');
    await relay.line(/^withdrew/);
    expect(await readdir(folder)).toEqual([]);
    expect(await relay.ended).toEqual({ code: 0, signal: null });
    // Who stays is cut at the end of its own grace, or a moment later, with all others, in the phase `force`.
    const phases = ['withdraw', 'notice', 'lag', 'goaway', 'grace', 'force', 'join'].map((phase) => `drain: ${phase}`);
    expect([phases, phases.filter((line) => line !== 'drain: force')]).toContainEqual(
      relay.lines.filter((line) => line.startsWith('drain: ')),
    );
    expect(relay.lines.indexOf('withdrew its announcement')).toBeLessThan(relay.lines.indexOf('drain: goaway'));
    // The notice, then the whole grace, because of one who stays (INV-30).
    expect(Number(/^drained in ([\d.]+) s$/.exec(relay.lines.at(-2) ?? '')?.[1])).toBeGreaterThanOrEqual(1.8);
    expect(relay.lines.at(-1)).toBe('5 peers: 4 left by themselves, 1 were cut, 1 came late');
    expect(await peers.ended).toEqual({ code: 0, signal: null });
    expect(peers.lines.filter((line) => line.includes('told to go'))).toHaveLength(5);
    expect(peers.lines.at(-1)).toBe('deaf: closed with 4001 goaway timeout');
  });

  it('cuts everybody at once, untold, where there is no grace (INV-32)', async () => {
    const { program, url } = await startRelay(0);
    await using relay = program;
    const peer = new WebSocket(url);
    const heard: string[] = [];
    peer.on('message', (message) => heard.push(JSON.parse(String(message)).type));
    await once(peer, 'open');
    peer.send(JSON.stringify({ type: 'hello', name: 'eve' }));
    await relay.line(/^eve came/);
    relay.signal('SIGTERM');
    const [code] = await once(peer, 'close');
    expect(code).toBe(4001);
    expect(heard).toEqual(['welcome']);
    expect(await relay.ended).toEqual({ code: 0, signal: null });
    expect(relay.lines.at(-1)).toBe('1 peers: 0 left by themselves, 1 were cut, 0 came late');
  });
});
