// What it costs to tell a new code to many clients, one in a hundred of whom never takes what it is handed: nanoseconds
// a delivery, from the call until the last healthy client was told. `after a pause` is a broadcast that comes while all
// else ran meanwhile, so that caches are cold; `in a row` is the median of those that follow it at once.
//   node test/bench/broadcast.mjs
// Every variant runs in a process of its own, so that none pays for the garbage or the code of another.
// Beside RxJS, EventEmitter (which has neither mailbox nor order: what the bare calls cost) and Go.
// `go: seed`, `go: slot` and `go: shards` have a goroutine per client, so that a sink may block; `go: pool` has none, and
// leaves it to the sinks never to block (test/bench/go/hub.go).
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createSupervisor } from '@watchkeeper/core';
import { auditTime, BehaviorSubject, concatMap, NEVER, Subject } from 'rxjs';
import { buildHub, startRounds } from './hub.mjs';
import { interleave, median } from './interleave.mjs';
import { report, short } from './report.mjs';

const sizes = [
  { count: 10_000, rounds: 15, warmups: 10 },
  { count: 100_000, rounds: 5, warmups: 2 },
];
/** Broadcasts a turn: one after a pause, the others in a row. */
const burst = 6;
const dayMs = 24 * 60 * 60 * 1_000;
const never = new Promise(() => {});
const codes = ['degraded', 'healthy'];

/** The clients of one variant: each keeps the code it was told last, and the last healthy one ends the measurement. */
class Clients {
  #told;
  #left = Number.POSITIVE_INFINITY;
  #end;

  constructor(count) {
    this.#told = new Array(count).fill('');
    this.healthy = count - count / 100;
  }

  isStalled(index) {
    return index % 100 === 0;
  }

  tell(index, code) {
    this.#told[index] = code;
    this.#left -= 1;
    if (this.#left === 0) this.#end(performance.now());
  }

  /** Nanoseconds until everybody was told the one code that `broadcast` sends. */
  async measure(broadcast) {
    const ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#left = this.healthy;
    const startMs = performance.now();
    broadcast();
    return Math.round(((await ended) - startMs) * 1e6);
  }
}

/** Calls `broadcast` with another code each time. */
function measuring(clients, broadcast) {
  let round = 0;
  return () => {
    const code = codes[round % codes.length];
    round += 1;
    return clients.measure(() => broadcast(code));
  };
}

/** `taking` is what a healthy client answers when it was told: nothing, or a promise as most transports do. */
async function watchkeeper(count, taking) {
  const clients = new Clients(count);
  // Nobody is to be evicted while we measure.
  const keeper = createSupervisor({ notifier: { stallAfterMs: dayMs, evictAfterMs: dayMs } });
  keeper.start();
  await clients.measure(() => {
    for (let index = 0; index < count; index++) {
      const deliver = clients.isStalled(index)
        ? (_notice) => never
        : (notice) => {
            clients.tell(index, notice.health);
            return taking;
          };
      keeper.notifier(`client ${index}`, deliver);
    }
  });
  return measuring(clients, (health) => keeper.broadcast({ type: 'health', topic: '', health }));
}

function rxjs(count) {
  const clients = new Clients(count);
  const source = new Subject();
  for (let index = 0; index < count; index++) {
    const mailbox = new BehaviorSubject('');
    source.subscribe(mailbox);
    const paced = mailbox.pipe(auditTime(0));
    if (clients.isStalled(index)) paced.pipe(concatMap(() => NEVER)).subscribe();
    else paced.subscribe((code) => clients.tell(index, code));
  }
  return measuring(clients, (code) => source.next(code));
}

function eventEmitter(count) {
  const clients = new Clients(count);
  const emitter = new EventEmitter().setMaxListeners(0);
  for (let index = 0; index < count; index++) {
    emitter.on('code', clients.isStalled(index) ? () => {} : (code) => clients.tell(index, code));
  }
  return measuring(clients, (code) => emitter.emit('code', code));
}

const peers = {
  watchkeeper: (count) => watchkeeper(count, undefined),
  'watchkeeper, each delivery a promise': (count) => watchkeeper(count, Promise.resolve()),
  'rxjs: BehaviorSubject, auditTime': rxjs,
  EventEmitter: eventEmitter,
};

/** The other end of this file: answers each line with the nanoseconds of one broadcast. */
async function answerRounds(name, count) {
  const measure = await peers[name](count);
  for await (const _line of createInterface({ input: process.stdin })) console.log(await measure());
}

async function compare() {
  const hub = buildHub();
  const designs = ['seed', 'slot', 'shards', 'pool'].map((design) => [`go: ${design}`, design]);
  const skipped = hub.missing === undefined ? {} : Object.fromEntries(designs.map(([name]) => [name, hub.missing]));
  const rows = {};
  for (const { count, rounds, warmups } of sizes) {
    const running = {};
    for (const name of Object.keys(peers)) {
      running[name] = startRounds(process.execPath, [fileURLToPath(import.meta.url), name, String(count)]);
    }
    for (const [name, design] of designs) {
      if (hub.missing === undefined) running[name] = startRounds(hub.program, ['broadcast', design, String(count)]);
      else rows[name] = { ...rows[name], [`${count} clients in a row, ns`]: 'SKIPPED' };
    }
    const deliveries = count - count / 100;
    const measuring = Object.entries(running).map(([name, { round }]) => [
      name,
      async () => {
        const alone = await round();
        const following = [];
        while (following.length < burst - 1) following.push(await round());
        return { 'after a pause': alone / deliveries, 'in a row': median(following) / deliveries };
      },
    ]);
    const measured = await interleave(Object.fromEntries(measuring), { rounds, warmups });
    for (const { end } of Object.values(running)) await end();
    for (const [how, ns] of Object.entries(measured)) {
      for (const [name, value] of Object.entries(ns)) {
        rows[name] ??= {};
        rows[name][`${count} clients ${how}, ns`] = short(value);
        rows[name][`${count} clients ${how}, / watchkeeper`] = short(value / ns.watchkeeper);
      }
    }
  }
  report('broadcast', { rows, skipped, versions: { go: hub.version } });
}

const [, , name, count] = process.argv;
if (name === undefined) await compare();
else await answerRounds(name, Number(count));
process.exit(0);
