import { fileURLToPath } from 'node:url';
import { onSignals } from '@watchkeeper/http';
import { readFileName } from './commandLine.ts';
import { Gateway } from './gateway.ts';
import { consoleLog } from './log.ts';

const file = readFileName(fileURLToPath(new URL('../gateway.yaml', import.meta.url)));
const gateway = await Gateway.start({ file, environment: process.env, log: consoleLog }).catch((cause: unknown) => {
  // What has a code is about the configuration, its file or a port: all is said in its message.
  if (!(cause instanceof Error && 'code' in cause)) throw cause;
  console.error(cause.message);
  process.exit(1);
});

process.on('SIGHUP', () => gateway.reload());
onSignals(gateway.keeper, {
  drain: { graceMs: 5_000, deadlineMs: 10_000 },
  finish: (report) => gateway.finish(report),
  finishMs: 8_000,
  // Ctrl-C comes twice, from the terminal and from npm, and npm may be slow.
  echoMs: 300,
  report: (event) => {
    if (event.type === 'signal.received') consoleLog(`${event.signal}: draining`);
    if (event.type === 'ending.failed') consoleLog(`the end itself failed: ${String(event.cause)}`);
  },
});

console.log(`Gateway:   ${gateway.url} (/health, /routes, /alerts, /feed)`);
if (gateway.inspectorUrl !== undefined) console.log(`Inspector: ${gateway.inspectorUrl}`);
console.log(`It watches what ${file} says, and follows its changes. Ctrl-C or SIGTERM to ${process.pid} ends it.\n`);
