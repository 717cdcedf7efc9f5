// What one started notifier, session and monitor retain, of 100 000, with the closures and names a program gives each:
// bytes of heap. Beside Go's goroutine with its channel and an Erlang process that waits for a message.
//   node --expose-gc test/bench/memory.mjs
import { spawnSync } from 'node:child_process';
import { createSupervisor, defineProbe } from '@watchkeeper/core';
import { buildHub } from './hub.mjs';
import { interleave } from './interleave.mjs';
import { find } from './probes/program.mjs';
import { report, short } from './report.mjs';

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const actors = 100_000;
const pass = { status: 'pass' };

const heldBytes = async () => {
  // What is held only by a task or a microtask is not held.
  await new Promise((resolve) => setTimeout(resolve, 50));
  gc();
  return process.memoryUsage().heapUsed;
};

/** Bytes retained for each of the actors that `add` makes, whose faces the program keeps. */
async function retained(add, untilReady) {
  const keeper = createSupervisor();
  keeper.start();
  const faces = new Array(actors);
  // The first one brings what all share.
  add(keeper, -1, () => {});
  const before = await heldBytes();
  let reached = 0;
  await new Promise((resolve) => {
    const reach = () => {
      reached += 1;
      if (reached === actors) resolve();
    };
    for (let index = 0; index < actors; index++) {
      faces[index] = add(keeper, index, reach);
      if (!untilReady) reach();
    }
  });
  const bytes = ((await heldBytes()) - before) / actors;
  if (faces.length !== actors) throw new Error('The faces were let go');
  await keeper.stop();
  return { bytes };
}

const told = new Map();

/** A client that was told the present state, and is idle. */
const addNotifier = (keeper, index, reach) =>
  keeper.notifier(`client ${index}`, (notice) => {
    told.set(index % 2, notice);
    reach();
  });

/** An admitted connection of a peer of its own. */
const addSession = (keeper, index) =>
  keeper
    .reserve(`10.0.${index >> 8}.${index & 255}`)
    .open({ goaway: (notice) => void told.set(index % 2, notice), close: () => void told.delete(index % 2) });

/** A monitor that has been judged once, and waits for its next check. */
const addMonitor = (keeper, index, reach) => {
  let judged = false;
  const ask = async () => {
    if (!judged) setTimeout(reach, 0);
    judged = true;
    return pass;
  };
  return keeper.monitor(`target ${index}`, defineProbe('bench', ask), { intervalMs: 3_600_000 });
};

const variants = {
  notifier: () => retained(addNotifier, true),
  session: () => retained(addSession, false),
  monitor: () => retained(addMonitor, true),
};
const skipped = {};
const versions = {};

const hub = buildHub();
const goName = 'go: goroutine and channel';
if (hub.missing !== undefined) skipped[goName] = hub.missing;
else {
  versions.go = hub.version;
  variants[goName] = () => ({ bytes: Number(spawnSync(hub.program, ['memory', String(actors)]).stdout) });
}

// A process that keeps its name and waits, as many as the others; the limit on processes is raised for them.
const erlang = `
  Loop = fun Loop(Name) -> receive {code, _} -> Loop(Name) end end,
  erlang:garbage_collect(),
  Before = erlang:memory(total),
  Kept = [spawn(fun() -> Loop(I) end) || I <- lists:seq(1, ${actors})],
  timer:sleep(500),
  io:format("~w ~s~n", [(erlang:memory(total) - Before) / length(Kept), erlang:system_info(otp_release)]),
  halt().`;
const erl = find('erl', 'ERL');
const erlangName = 'erlang: process';
if (erl === undefined) skipped[erlangName] = 'erl is not installed';
else {
  variants[erlangName] = () => {
    const { stdout } = spawnSync(erl, ['+P', '300000', '-noshell', '-eval', erlang], { encoding: 'utf8' });
    const [bytes, release] = stdout.trim().split(' ');
    versions.erlang = `OTP ${release}`;
    return { bytes: Number(bytes) };
  };
}

const { bytes } = await interleave(variants, { rounds: 3, warmups: 0 });
const others = [goName, erlangName];
const rows = {};
for (const [name, median] of Object.entries(bytes)) {
  rows[name] = { bytes: short(median) };
  if (others.includes(name)) continue;
  for (const other of others) if (other in bytes) rows[name][`${other} / this`] = short(bytes[other] / median);
}
for (const name of Object.keys(skipped)) rows[name] = { bytes: 'SKIPPED' };

report('memory', { rows, skipped, versions });
process.exit(0);
