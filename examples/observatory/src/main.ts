import { createSupervisor } from '@watchkeeper/core';
import { onSignals } from '@watchkeeper/http';
import { inspect } from '@watchkeeper/inspector';
import { connectClients } from './clients.ts';
import { readPort } from './commandLine.ts';
import { gatherCrowd } from './crowd.ts';
import { Desk } from './desk.ts';
import { deskRoutes } from './deskRoutes.ts';
import { serveFront } from './front.ts';
import { Fuse } from './fuse.ts';
import { lineOf, linesOf } from './narrate.ts';
import { renewStale } from './renewStale.ts';
import { startTargets } from './targets.ts';

const port = readPort();

const fuse = new Fuse();
const keeper = createSupervisor({
  name: 'observatory',
  maxSessions: 250,
  random: fuse.random,
  monitor: { intervalMs: 2_000, timeoutMs: 1_500, errorThreshold: 3 },
});
keeper.events$.subscribe((event) => {
  const line = lineOf(event);
  if (line !== undefined) console.log(line);
});

const targets = await startTargets();
for (const { id, probe, options } of targets.watched) keeper.monitor(id, probe, options);
renewStale(keeper);
keeper.composite('pages', { of: ['web', 'flapping'], need: 1 });
const front = await serveFront(keeper);
const clients = connectClients(front.host);
const crowd = gatherCrowd(front);
const inspector = await inspect(keeper, { port });
const end = () => void process.kill(process.pid, 'SIGTERM');
const desk = new Desk(targets.watched, { keeper, crowd, fuse, end }, inspector.url);
front.add(deskRoutes(desk));

onSignals(keeper, {
  drain: { graceMs: 3_000, deadlineMs: 8_000 },
  // Ctrl-C comes twice, from the terminal and from npm, and npm may be slow.
  echoMs: 300,
  report: (event) => {
    if (event.type === 'signal.received') console.log(`\n${event.signal}: draining.`);
  },
  finish: async (report) => {
    console.log(`\n${linesOf(report).join('\n')}\n  They were told ${clients.told} things in all.`);
    crowd[Symbol.dispose]();
    for (const part of [clients, front, inspector, targets]) await part[Symbol.asyncDispose]();
  },
});

if (port !== 0 && inspector.port !== port)
  console.log(`Port ${port} is taken, so the inspector has the next free one.`);
console.log(`Inspector: ${inspector.url}`);
console.log(`Controls:  http://${front.host}/`);
console.log(`Health:    http://${front.host}/health`);
console.log('Ctrl-C drains and ends it; a second one ends it at once.\n');
keeper.start();
