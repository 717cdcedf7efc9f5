import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Forked, fork } from '../../../process/forked.ts';

const folder = 'test/serving/rolling/grpc';
const restarts = Number(process.env['WATCHKEEPER_RESTARTS'] ?? 2);
const enough = Math.max(3_000, restarts * 1_000);
const noticeMs = 500;

// Debian's: python3-grpcio, and golang-go with golang-google-grpc-dev.
const python = '/usr/bin/python3';
const goPath = '/usr/share/gocode';
const hasPython = spawnSync(python, ['-c', 'import grpc']).status === 0;
const hasGo = spawnSync('go', ['version']).status === 0 && existsSync(`${goPath}/src/google.golang.org/grpc/health`);
if (!hasPython) console.warn('SKIPPED: rolling restarts under gRPC C-core, which needs python3-grpcio');
if (!hasGo) console.warn('SKIPPED: rolling restarts under grpc-go, which needs golang-go and golang-google-grpc-dev');

const pythonClient = (): readonly string[] => [python, `${folder}/client.py`];

function goClient(): readonly string[] {
  const built = mkdtempSync(join(tmpdir(), 'watchkeeper-go-'));
  onTestFinished(() => rmSync(built, { recursive: true, force: true }));
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: goPath, GOCACHE: join(built, 'cache') };
  const { status, stderr } = spawnSync('go', ['build', '-o', join(built, 'client'), `./${folder}/goClient`], { env });
  if (status !== 0) throw new Error(`The client does not compile: ${stderr}`);
  return [join(built, 'client')];
}

async function start(port: string): Promise<{ readonly program: Forked; readonly port: string }> {
  const program = fork(process.execPath, `${folder}/instance.mjs`, port, String(noticeMs));
  onTestFinished(async () => await program[Symbol.asyncDispose]());
  return { program, port: (await program.line(/^port /)).slice(5) };
}

describe(`${restarts} restarts of each of two gRPC servers in turn, under clients that check their health by Watch`, () => {
  const peers: readonly (readonly [string, boolean, () => readonly string[]])[] = [
    ['gRPC C-core', hasPython, pythonClient],
    ['grpc-go', hasGo, goClient],
  ];
  for (const [name, isHere, clientOf] of peers) {
    it.runIf(isHere)(`fail no call of ${name}`, () => restartUnderCalls(clientOf()), 300_000 + restarts * 60_000);
  }
});

async function restartUnderCalls([command = '', ...args]: readonly string[]): Promise<void> {
  const running = [await start('0'), await start('0')];
  const client = fork(command, ...args, String(enough), ...running.map(({ port }) => port));
  onTestFinished(async () => await client[Symbol.asyncDispose]());
  await client.line(/^ready/);
  for (const { program } of running) await program.line(/^used/);
  for (let restart = 0; restart < 2 * restarts; restart += 1) {
    const ending = running.shift();
    if (ending === undefined) throw new Error('No instance is left');
    ending.program.signal('SIGTERM');
    expect(await ending.program.ended).toEqual({ code: 0, signal: null });
    expect(ending.program.lines.find((line) => line.startsWith('report '))).toContain('"server":"closed","forced":0');
    const started = await start(ending.port);
    running.push(started);
    // Only when the client is back may the other one go.
    await started.program.line(/^used/);
  }
  await client.line(/^enough/);
  client.signal('SIGTERM');
  const tally = JSON.parse((await client.line(/^tally /)).slice(6));
  console.info(`${tally.asked} calls, ${tally.failed.length} failed`);
  expect(tally.failed).toEqual([]);
  expect(tally.asked).toBeGreaterThanOrEqual(enough);
}
