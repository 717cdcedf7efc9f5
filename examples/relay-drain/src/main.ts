import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onSignals } from '@watchkeeper/http';
import { startRelay } from './relay.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4710' },
    'grace-ms': { type: 'string', default: '2000' },
    folder: { type: 'string', default: join(tmpdir(), 'watchkeeper-relays') },
  },
});

const say = (line: string) => console.log(line);
const drain = { noticeMs: 300, graceMs: Number(values['grace-ms']), deadlineMs: 20_000 };
const relay = await startRelay({ port: Number(values.port), folder: values.folder, maxPeers: 100, drain, say });
relay.keeper.events$.subscribe((event) => {
  if (event.type === 'drain.entered') say(`drain: ${event.phase}`);
});

onSignals(relay.keeper, {
  drain,
  // Ctrl-C comes twice, from the terminal and from npm, and npm may be slow.
  echoMs: 300,
  finish: async ({ sessions, durationMs, reason }) => {
    await relay[Symbol.asyncDispose]();
    say(`${reason} in ${(durationMs / 1_000).toFixed(1)} s`);
    say(
      `${sessions.total} peers: ${sessions.early} left by themselves, ${sessions.forced} were cut, ${sessions.stragglers} came late`,
    );
  },
});
say(`The relay: ${relay.url}`);
say(`Announced in ${values.folder}; SIGTERM or ctrl-C drains it`);
