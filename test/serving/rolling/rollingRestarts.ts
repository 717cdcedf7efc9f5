import { setTimeout as pause } from 'node:timers/promises';
import { type Forked, fork } from '../../process/forked.ts';
import { startForwarder } from './forwarder.ts';
import type { LoadInput, Tally } from './loads.ts';

/** What all instances of one kind of server said at their ends. */
export interface InstanceReport {
  readonly begun: number;
  readonly answered: number;
  readonly forced: number;
  readonly reason: string;
}

/** Settings of one run. */
export interface RestartsInput {
  readonly server: string;
  readonly clients: readonly ((input: LoadInput) => Promise<void>)[];
  readonly restarts: number;
  readonly noticeMs: number;
  /** How long after the signal new connections still come to an instance. */
  readonly lagMs: number;
  readonly certificates: string;
  readonly ca: string;
}

const startMs = 60_000;

/** Restarts two instances in turn under load, behind a proxy that learns of each end late. */
export async function restartUnderLoad(input: RestartsInput): Promise<{ tally: Tally; reports: InstanceReport[] }> {
  const { server, clients, restarts, noticeMs, lagMs, certificates, ca } = input;
  await using forwarder = await startForwarder();
  const { ports, port } = forwarder;
  const tally: Tally = { asked: 0, answered: 0, failed: [] };
  const reports: InstanceReport[] = [];
  const running: { readonly program: Forked; readonly port: number }[] = [];
  let over = false;

  const start = async () => {
    const program = fork(process.execPath, 'test/serving/rolling/instance.mjs', server, String(noticeMs), certificates);
    const line = await program.line(/^port /, startMs);
    const instance = { program, port: Number(line.slice(5)) };
    running.push(instance);
    ports.push(instance.port);
  };
  const end = async () => {
    const instance = running.shift();
    if (instance === undefined) return;
    await using program = instance.program;
    program.signal('SIGTERM');
    // The lag is a real one: the proxy does not know yet.
    await pause(lagMs);
    ports.splice(ports.indexOf(instance.port), 1);
    await program.ended;
    const report = program.lines.find((line) => line.startsWith('report '));
    if (report === undefined) throw new Error(`An instance ended without a report:\n${program.lines.join('\n')}`);
    reports.push(JSON.parse(report.slice(7)));
  };

  try {
    await Promise.all([start(), start()]);
    const shared = { port, tally, over: () => over, ...(server === 'tls' ? { ca } : {}) };
    const load = Promise.all(clients.map((run) => run(shared)));
    for (let restart = 0; restart < restarts; restart += 1) {
      await start();
      await end();
    }
    over = true;
    await load;
    while (running.length > 0) await end();
  } finally {
    over = true;
    for (const { program } of running) await program[Symbol.asyncDispose]();
  }
  return { tally, reports };
}
