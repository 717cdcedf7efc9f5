import { describe, expect, it } from 'vitest';
import { createSupervisor, type Verdict } from '../src/index.ts';
import { Turns } from '../src/runtime/turns.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Counts the turns of the loop until `work` is done. */
async function turnsUntil(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work;
  isDone = true;
  return turns;
}

function spin(ms: number): void {
  const startMs = performance.now();
  while (performance.now() - startMs < ms);
}

/** So many that would all go on now, each of which then holds the loop for a millisecond. */
function goOn(turns: Turns, total: number, mostMs: number): { order: number[]; all: Promise<unknown> } {
  const order: number[] = [];
  const each = async (index: number) => {
    await turns.take(mostMs);
    order.push(index);
    spin(1);
  };
  return { order, all: Promise.all(Array.from({ length: total }, (_, index) => each(index))) };
}

describe('turns', () => {
  it('let all go on in their order, and the loop in between', async () => {
    const { order, all } = goOn(new Turns(true), 300, dayMs);
    expect(await turnsUntil(all)).toBeGreaterThan(3);
    expect(order).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it('let nobody wait for longer than the most impatient may', async () => {
    const turns = new Turns(true);
    const patient = goOn(turns, 300, dayMs);
    const impatient = goOn(turns, 1, 0);
    const passed = await turnsUntil(impatient.all);
    expect(passed).toBeLessThan(4);
    expect(patient.order).toHaveLength(300);
    await patient.all;
  });

  it('let few go on at once, and all where time is moved by hand', () => {
    const [real, virtual] = [new Turns(true), new Turns(false)];
    expect(real.take(dayMs)).toBeUndefined();
    for (let index = 0; index < 1_000; index++) expect(virtual.take(dayMs)).toBeUndefined();
  });
});

describe('verdicts that all come in one turn of the loop', () => {
  it('leave it free while they are judged, and none is taken for a timeout', async () => {
    await using keeper = createSupervisor();
    const asked: ((verdict: Verdict) => void)[] = [];
    const probe = () => new Promise<Verdict>((resolve) => asked.push(resolve));
    const monitors = Array.from({ length: 500 }, (_, index) =>
      keeper.monitor(`m${index}`, probe, { intervalMs: dayMs }),
    );
    keeper.start();
    const judged = new Promise<void>((resolve) => {
      keeper.events$.subscribe(() => {
        if (keeper.stats().monitors.byHealth.healthy === monitors.length) resolve();
      });
    });
    while (asked.length < monitors.length) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of asked) answer({ status: 'pass' });
    expect(await turnsUntil(judged)).toBeGreaterThan(3);
  });
});
