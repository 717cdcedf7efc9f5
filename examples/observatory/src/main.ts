import { createSupervisor } from '@watchkeeper/core';
import { inspect } from '@watchkeeper/inspector';
import { connectClients } from './clients.ts';
import { readPort } from './commandLine.ts';
import { serveFront } from './front.ts';
import { lineOf, linesOf } from './narrate.ts';
import { firstSignal } from './signals.ts';
import { startTargets } from './targets.ts';

const port = readPort();
const signal = firstSignal();

const keeper = createSupervisor({
  name: 'observatory',
  maxSessions: 100,
  monitor: { intervalMs: 2_000, timeoutMs: 1_500 },
  drain: { graceMs: 3_000, deadlineMs: 8_000 },
});
keeper.events$.subscribe((event) => {
  const line = lineOf(event);
  if (line !== undefined) console.log(line);
});

const targets = await startTargets();
for (const { id, probe, options } of targets.watched) keeper.monitor(id, probe, options);
const front = await serveFront(keeper);
const clients = connectClients(front.host);
const inspector = await inspect(keeper, { port });
if (port !== 0 && inspector.port !== port)
  console.log(`Port ${port} is taken, so the inspector has the next free one.`);
console.log(`Inspector: ${inspector.url}`);
console.log(`Health:    http://${front.host}/health`);
console.log('Ctrl-C drains and ends it; a second one ends it at once.\n');
keeper.start();

console.log(`\n${await signal}: draining.`);
const report = await keeper.drain();
console.log(`\n${linesOf(report).join('\n')}`);
console.log(`  They were told ${clients.told} things in all.`);
for (const part of [clients, front, inspector, targets]) await part[Symbol.asyncDispose]();
