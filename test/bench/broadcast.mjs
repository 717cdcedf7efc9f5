// What it costs to tell a new code to many clients, one in a hundred of whom never takes what it is handed: nanoseconds
// a delivery, from the call until the last healthy client was told.
//   node --expose-gc test/bench/broadcast.mjs
// Beside RxJS, EventEmitter (which has neither mailbox nor order: what the bare calls cost) and Go.
// `go: seed`, `go: slot` and `go: shards` have a goroutine per client, so that a sink may block; `go: pool` has none, and
// leaves it to the sinks never to block (test/bench/go/hub.go).
import { EventEmitter } from 'node:events';
import { createSupervisor } from '@watchkeeper/core';
import { auditTime, BehaviorSubject, concatMap, NEVER, Subject } from 'rxjs';
import { buildHub, startHub } from './hub.mjs';
import { interleave } from './interleave.mjs';
import { report, short } from './report.mjs';

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const sizes = [
  { count: 10_000, rounds: 15, warmups: 5 },
  { count: 100_000, rounds: 5, warmups: 1 },
];
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

  /** Nanoseconds a delivery of the one code that `broadcast` sends. */
  async measure(broadcast) {
    const ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#left = this.healthy;
    const startMs = performance.now();
    broadcast();
    return { ns: (((await ended) - startMs) * 1e6) / this.healthy };
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

/** The garbage of one variant is not to be collected at the cost of the next. */
function tidied(variants) {
  const tidy = (measure) => () => {
    gc();
    return measure();
  };
  return Object.fromEntries(Object.entries(variants).map(([name, measure]) => [name, tidy(measure)]));
}

const hub = buildHub();
const designs = ['seed', 'slot', 'shards', 'pool'];
const skipped = {};
const rows = {};

for (const { count, rounds, warmups } of sizes) {
  const variants = {
    watchkeeper: await watchkeeper(count, undefined),
    'watchkeeper, each delivery a promise': await watchkeeper(count, Promise.resolve()),
    'rxjs: BehaviorSubject, auditTime': rxjs(count),
    EventEmitter: eventEmitter(count),
  };
  const hubs = [];
  for (const design of designs) {
    if (hub.missing !== undefined) {
      skipped[`go: ${design}`] = hub.missing;
      continue;
    }
    const running = startHub(hub.program, design, count);
    hubs.push(running);
    const healthy = count - count / 100;
    variants[`go: ${design}`] = async () => ({ ns: (await running.round()) / healthy });
  }
  const { ns } = await interleave(tidied(variants), { rounds, warmups });
  for (const running of hubs) await running.end();
  for (const [name, median] of Object.entries(ns)) {
    rows[name] ??= {};
    rows[name][`${count} clients, ns`] = short(median);
    rows[name][`${count} clients, / watchkeeper`] = short(median / ns.watchkeeper);
  }
  for (const name of Object.keys(skipped)) rows[name] = { ...rows[name], [`${count} clients, ns`]: 'SKIPPED' };
}

report('broadcast', { rows, skipped, versions: { go: hub.version } });
process.exit(0);
