// What the observation hook costs an event while nobody looks: core as it is beside a copy of it without the hook.
//   node test/bench/observation.mjs
// The copy is the built dist with the lines below taken out, so that the hook's checks are not even there. A second,
// untouched copy stands beside it: how far it differs from core itself is what this measurement cannot tell apart.
// Every sample is taken in a process of its own, since two compilations of the same code differ by more than the hook costs.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assign, createMachine, setup } from 'xstate';
import { interleave, nsPerCall } from './interleave.mjs';
import { report, short } from './report.mjs';

const dist = new URL('../../packages/core/dist/', import.meta.url);
const cache = new URL('../../node_modules/.cache/watchkeeper/bench/', import.meta.url);

/** Each part of the hook in the processing of an event, and its replacement. */
const withoutHook = {
  'compile/run/macrostep.js': [
    [
      /const attachment = scope\.self\[ATTACHMENT\];\s+const slot = .*;\s+if \(slot !== undefined\)\s+slot\.dirty = true;/,
      '',
    ],
    [' && slot === undefined && isPlain(event)', ' && isPlain(event)'],
    [
      /if \(slot\?\.observer !== undefined\)\s+step\.recording = new Recording\(\);\s+const \{ recording \} = step;/,
      '',
    ],
    [/if \(recording !== undefined\)\s+slot\?\.deliver\(.*\{ error \}\)\);/, ''],
    [/if \(recording !== undefined\) \{\s+scope\.defer\(\(\) => slot\?\.deliver\(.*\)\);\s+\}/, ''],
    [/if \(step\.recording !== undefined\) \{\s+for .*\s+.*;\s+\}/, ''],
    [/const onGuard = guardObserverOf\(step\);/g, 'const onGuard = undefined;'],
  ],
  'compile/run/choice.js': [[/if \(onGuard !== undefined\)\s+onGuard\(candidate\.transition, passed\);/, '']],
  'compile/run/macrostepState.js': [
    [/if \(this\.recording !== undefined\)\s+this\.recording\.action\(type, params\);/, ''],
    [/^\s+recording;$/m, ''],
    [/this\.recording = undefined;/, ''],
  ],
};

/** Makes a changed copy of core and returns its entry. A change that finds nothing to change is an error. */
function copyOfCore(name, changes) {
  const copy = new URL(`${name}/`, cache);
  rmSync(copy, { recursive: true, force: true });
  cpSync(dist, copy, { recursive: true });
  writeFileSync(new URL('package.json', copy), '{ "type": "module" }\n');
  for (const [path, replacements] of Object.entries(changes)) {
    const file = new URL(path, copy);
    let code = readFileSync(file, 'utf8');
    for (const [found, instead] of replacements) {
      const changed = code.replace(found, instead);
      if (changed === code) throw new Error(`${path} has changed: it no longer contains ${found}`);
      code = changed;
    }
    writeFileSync(file, code);
  }
  return new URL('index.js', copy);
}

/** Measures in a process of its own what an event costs with the core at `entry`, the median of many runs. */
async function sample(entry) {
  const { compile, createLeanActor } = await import(entry);
  const chart = setup({
    actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
    guards: { isFinite: ({ context }) => context.count < Number.MAX_SAFE_INTEGER },
  }).createMachine({
    context: { count: 0, name: 'bench' },
    initial: 'a',
    states: {
      a: { on: { go: { guard: 'isFinite', target: 'b', actions: 'count' } } },
      b: { on: { go: { guard: 'isFinite', target: 'a', actions: 'count' } } },
    },
  });
  const logic = compile(chart);
  const parent = createLeanActor(compile(createMachine({}))).start();
  const event = { type: 'go' };
  const telling = (count) => {
    const actors = Array.from({ length: count }, () => createLeanActor(logic, { parent }).start());
    return () => ({
      [`${count} actor${count === 1 ? '' : 's'}, ns an event`]: nsPerCall(20_000, (events) => {
        for (let at = 0; at < events; at++) actors[at % count].send(event);
      }),
    });
  };
  const one = telling(1);
  const many = telling(1_000);
  const medians = await interleave({ core: () => ({ ...one(), ...many() }) }, { rounds: 31, warmups: 10 });
  console.log(JSON.stringify(Object.fromEntries(Object.entries(medians).map(([what, { core }]) => [what, core]))));
}

function compare() {
  const entries = {
    hook: new URL('index.js', dist),
    'hook, copied': copyOfCore('core-copied', {}),
    'no hook': copyOfCore('core-without-hook', withoutHook),
  };
  const sampling = (entry) => () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), entry.href], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  return interleave(Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, sampling(entry)])), {
    rounds: 11,
    warmups: 0,
  });
}

const [, , entry] = process.argv;
if (entry !== undefined) await sample(entry);
else {
  const rows = {};
  for (const [measured, ns] of Object.entries(await compare())) {
    rows[measured] = {
      ...Object.fromEntries(Object.entries(ns).map(([name, median]) => [name, short(median)])),
      'hook / no hook': short(ns.hook / ns['no hook']),
      'hook / hook, copied': short(ns.hook / ns['hook, copied']),
    };
  }
  report('observation', { rows });
}
