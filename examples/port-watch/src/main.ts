import { onSignals } from '@watchkeeper/http';
import { firstValueFrom, skipWhile } from 'rxjs';
import { readCommandLine } from './commandLine.ts';
import { tableOf } from './table.ts';
import { Terminal } from './terminal.ts';
import { watchPorts } from './watchPorts.ts';

// Ends with 0 when all ports are well, with 1 when one is not, and with 2 when it was asked for something it cannot do.
const { list, folder, once } = readCommandLine();
const terminal = new Terminal();
const say = (line: string) => terminal.say(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
// Asked once, a port is as it is: nothing is started for it, and nothing waited for.
const watch = watchPorts(once ? { list: { ...list, graceMs: 0 }, say: () => {} } : { list, folder, say });
const { keeper } = watch;

const addresses = new Map(list.ports.map(({ name, host, port }) => [name, `${host}:${port}`]));
const table = () => tableOf(keeper.statuses(), { addresses, now: Date.now(), paint: terminal.paint });
const isUnwell = () => keeper.statuses().some(({ health }) => health !== 'healthy' && health !== 'degraded');

if (once) {
  const monitors = list.ports.flatMap(({ name }) => keeper.monitorOf(name) ?? []);
  await Promise.all(
    monitors.map(({ health$ }) => firstValueFrom(health$.pipe(skipWhile((health) => health === 'starting')))),
  );
  console.log(table().join('\n'));
  process.exitCode = isUnwell() ? 1 : 0;
  watch[Symbol.dispose]();
  await keeper.stop();
} else {
  let wasUnwell = false;
  const draw = () => terminal.draw(['', ...table(), '', 'Ctrl-C ends it.']);
  keeper.events$.subscribe(() => {
    if (keeper.phase === 'running') draw();
  });
  const drawing = setInterval(draw, 1_000);
  onSignals(keeper, {
    drain: { graceMs: 0, deadlineMs: 2_000 },
    // Ctrl-C comes twice, from the terminal and from npm, and npm may be slow.
    echoMs: 300,
    report: ({ type }) => {
      if (type === 'signal.received') wasUnwell = isUnwell();
    },
    finish: () => {
      clearInterval(drawing);
      watch[Symbol.dispose]();
    },
    exit: (code) => process.exit(code === 0 && wasUnwell ? 1 : code),
  });
}
