import { setTimeout as pause } from 'node:timers/promises';
import { type Forked, fork } from '../../process/forked.ts';
import { type Balancer, startForwarder } from './forwarder.ts';
import { freePorts } from './freePorts.ts';
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
  /** Starts what stands before the instances, which listen on some of `ports`; left out, a proxy of bytes. */
  readonly balance?: (ports: readonly number[]) => Promise<Balancer>;
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
  // One more than ever run at once, so that no port is used again while anybody remembers it.
  const slots = await freePorts(4);
  await using balancer = await (input.balance ?? startForwarder)(slots);
  const { port } = balancer;
  let started = 0;
  const tally: Tally = { asked: 0, answered: 0, failed: [] };
  const reports: InstanceReport[] = [];
  const running: { readonly program: Forked; readonly port: number }[] = [];
  let over = false;

  const start = async () => {
    const slot = slots[started % slots.length] ?? 0;
    started += 1;
    const program = fork(
      process.execPath,
      'test/serving/rolling/instance.mjs',
      server,
      String(noticeMs),
      certificates,
      String(slot),
    );
    running.push({ program, port: slot });
    await program.line(/^port /, startMs);
    await use();
  };
  const use = () => balancer.use(running.map((instance) => instance.port));
  const end = async () => {
    const instance = running.shift();
    if (instance === undefined) return;
    await using program = instance.program;
    program.signal('SIGTERM');
    // The lag is a real one: the proxy does not know yet.
    await pause(lagMs);
    await use();
    await program.ended;
    const report = program.lines.find((line) => line.startsWith('report '));
    if (report === undefined) throw new Error(`An instance ended without a report:\n${program.lines.join('\n')}`);
    reports.push(JSON.parse(report.slice(7)));
  };

  try {
    await start();
    await start();
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
