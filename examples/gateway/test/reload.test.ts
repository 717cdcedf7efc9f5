import { createSupervisor, defineProbe, type MonitorStatus, type SupervisorEvent } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { Outages } from '../src/alerts/outages.ts';
import { checkConfig } from '../src/checkedConfig.ts';
import { type ReloadOutcome, type ReloadResult, reloadMachine } from '../src/reload/reloadMachine.ts';
import { applyPlan } from '../src/routes/applyPlan.ts';
import { planReload } from '../src/routes/reloadPlan.ts';
import type { Watch } from '../src/routes/watch.ts';

/** The watches of routes whose hosts are all this machine, at ports where nobody listens. */
function watches(text: string): readonly Watch[] {
  const routes = text.replace(/tcp:\/\/\w+:/g, 'tcp://127.0.0.1:');
  return checkConfig('gateway.yaml', `defaults: { staggerMs: 60000 }\nroutes:\n${routes}`, {}).watches;
}

const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);

describe('the plan of a reload', () => {
  const before = watches(`
  a: { url: "tcp://a:1" }
  b: { url: "tcp://b:1", dependsOn: [a] }
  c: { of: [a, b] }
`);

  it('holds nothing that acts where nothing has changed (INV-55)', () => {
    const { unchanged, ...acts } = planReload(
      before,
      watches(`
  c: { of: [a, b], need: any }
  b: { url: "tcp://b:1", dependsOn: [a] }
  a: { url: "tcp://a:1", notify: [] }
`),
    );
    expect(unchanged).toEqual(['a', 'b', 'c']);
    expect(Object.values(acts).flat()).toEqual([]);
  });

  it('adds, removes and updates what has, and leaves the rest (INV-55)', () => {
    const plan = planReload(
      before,
      watches(`
  a: { url: "tcp://a:2" }
  d: { url: "tcp://d:1" }
  c: { of: [a] }
`),
    );
    expect(plan).toMatchObject({ stop: ['b', 'c'], removed: ['b'], unchanged: [] });
    expect(ids(plan.start)).toEqual(['d', 'c']);
    expect(plan.update).toMatchObject([{ id: 'a', asksAnew: true, restsAnew: false }]);
  });

  it('asks the same question with other options where only those have changed', () => {
    const { update } = planReload(
      before,
      watches(`
  a: { url: "tcp://a:1", intervalMs: 500 }
  b: { url: "tcp://b:1" }
  c: { of: [a, b] }
`),
    );
    expect(update).toMatchObject([
      { id: 'a', asksAnew: false, restsAnew: false, options: { intervalMs: 500 } },
      { id: 'b', asksAnew: false, restsAnew: true },
    ]);
  });
});

describe('a plan carried out', () => {
  /** In virtual time that stands still, only what a reload touches is asked. */
  function watching(text: string) {
    const keeper = createSupervisor({ clock: new VirtualClock() });
    keeper.start();
    const events: SupervisorEvent[] = [];
    let current: readonly Watch[] = [];
    const reload = (next: readonly Watch[]) => {
      applyPlan(keeper, planReload(current, next));
      current = next;
    };
    reload(watches(text));
    keeper.events$.subscribe((event) => events.push(event));
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { keeper, reload, events, settle };
  }

  it('does not so much as touch the monitors of unchanged routes, and changed settings take effect (INV-55)', async () => {
    const { keeper, reload, events, settle } = watching(`
  a: { url: "tcp://a:1" }
  b: { url: "tcp://b:1" }
  gone: { url: "tcp://g:1" }
`);
    reload(
      watches(`
  a: { url: "tcp://a:1" }
  b: { url: "tcp://b:2", requiredFor: [] }
  new: { url: "tcp://n:1" }
`),
    );
    await settle();
    expect(ids(keeper.statuses()).toSorted()).toEqual(['a', 'b', 'new']);
    expect(keeper.monitorOf('a')?.status.epoch).toBe(1);
    expect(keeper.monitorOf('b')?.status).toMatchObject({ epoch: 2, requiredFor: [], probe: 'tcp://127.0.0.1:2' });
    expect(events.filter((event) => 'id' in event && event.id === 'a')).toEqual([]);
    await keeper.stop();
  });

  it('turns dependencies round, and composites inside out, without meeting a circle', async () => {
    const { keeper, reload } = watching(`
  a: { url: "tcp://a:1", dependsOn: [b] }
  b: { url: "tcp://b:1", dependsOn: [c] }
  c: { of: [d] }
  d: { url: "tcp://d:1" }
`);
    reload(
      watches(`
  d: { url: "tcp://d:1", dependsOn: [c] }
  c: { url: "tcp://c:1", dependsOn: [b] }
  b: { of: [a] }
  a: { url: "tcp://a:1" }
`),
    );
    expect(ids(keeper.statuses()).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(keeper.monitorOf('c')?.status.probe).toBe('tcp://127.0.0.1:1');
    await keeper.stop();
  });

  it('keeps an alert that is raised through a change, and clears it when the target is back (INV-58)', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock, random: () => 0.5 });
    let works = false;
    const probe = defineProbe('it', async () => ({ status: works ? 'pass' : 'fail' }));
    keeper.monitor('it', probe, { intervalMs: 1_000, alertAfter: 1 });
    const alerts: string[] = [];
    keeper.events$.subscribe(({ type }) => {
      if (type.startsWith('alert.')) alerts.push(type);
    });
    keeper.start();
    await clock.advance(3_000);
    keeper.monitorOf('it')?.update({ probe, intervalMs: 500 });
    await clock.advance(3_000);
    works = true;
    await clock.advance(1_000);
    expect(alerts).toEqual(['alert.raised', 'alert.cleared']);
    await keeper.stop();
  });
});

describe('outages', () => {
  const at = 1_000;
  const raised = (id: string): SupervisorEvent => ({ type: 'alert.raised', id, failures: 3, detail: 'refused', at });
  const cleared = (id: string): SupervisorEvent => ({ type: 'alert.cleared', id, at: at + 5 });
  const good = (id: string): SupervisorEvent => ({
    type: 'health.changed',
    id,
    from: 'starting',
    to: 'healthy',
    epoch: 1,
    seq: 1,
    requiredFor: ['started', 'ready'],
    at: at + 9,
  });

  function open(alerting = false) {
    let notify = ['ops'];
    const outages = new Outages({
      statusOf: () => ({ alerting, probe: 'tcp://x:1', healthyAt: 500 }) as MonitorStatus,
      notifyOf: () => notify,
    });
    const told: string[] = [];
    const note = (...events: SupervisorEvent[]) => {
      for (const event of events) {
        const addressed = outages.note(event);
        if (addressed !== undefined) told.push(`${addressed.alert.target} ${addressed.alert.news} → ${addressed.to}`);
      }
      return told;
    };
    return { outages, note, readdress: (next: string[]) => (notify = next) };
  }

  it('an outage is told once, down and up (INV-58)', () => {
    const { note } = open();
    expect(note(raised('a'), cleared('a'), cleared('a'), good('a'), raised('a'))).toEqual([
      'a down → ops',
      'a up → ops',
      'a down → ops',
    ]);
  });

  it('outages outlive a monitor that is made anew: not told twice, and over when it finds the target good (INV-58)', () => {
    const { note } = open();
    expect(note(raised('a'), raised('a'), good('a'))).toEqual(['a down → ops', 'a up → ops']);
  });

  it('an outage is not over while the monitor still raises its alert', () => {
    expect(open(true).note(raised('a'), good('a'))).toEqual(['a down → ops']);
  });

  it('an outage ends where it was told, whoever is told of later ones', () => {
    const { note, readdress } = open();
    note(raised('a'));
    readdress(['phone']);
    expect(note(cleared('a'), raised('a'))).toEqual(['a down → ops', 'a up → ops', 'a down → phone']);
  });

  it('outages of a route that is no longer watched are told no further (INV-65)', () => {
    const { outages, note } = open();
    note(raised('a'));
    expect(outages.forget('a')).toBe(true);
    expect(note(good('a'), cleared('a'))).toEqual(['a down → ops']);
  });
});

describe('the reloader', () => {
  function start(outcomes: readonly (ReloadOutcome | Error)[]) {
    const clock = new VirtualClock({ epochMs: 0 });
    const results: ReloadResult['type'][] = [];
    const signals: AbortSignal[] = [];
    const reloads: number[] = [];
    const actor = createActor(reloadMachine, {
      clock,
      input: {
        settleMs: 100,
        tell: ({ type }) => results.push(type),
        reload: async (signal) => {
          const outcome = outcomes[reloads.push(clock.now()) - 1] ?? { type: 'same' };
          signals.push(signal);
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 50));
          if (outcome instanceof Error) throw outcome;
          return outcome;
        },
      },
    }).start();
    return { clock, actor, results, signals, reloads };
  }

  it('lets a file that is being written settle, and reads it once', async () => {
    const { clock, actor, reloads, results } = start([{ type: 'applied', summary: '' }]);
    for (let writes = 0; writes < 9; writes++) {
      actor.send({ type: 'changed' });
      await clock.advance(10);
    }
    await clock.advance(1_000);
    expect(reloads).toEqual([100]);
    expect(results).toEqual(['applied']);
  });

  it('begins anew when the file changes under it, and lets go of what it read', async () => {
    const { clock, actor, reloads, signals, results } = start([]);
    actor.send({ type: 'changed' });
    await clock.advance(120);
    actor.send({ type: 'changed' });
    await clock.advance(1_000);
    expect(reloads).toEqual([100, 220]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(results).toEqual(['same']);
  });

  it('says why it refused, and goes on', async () => {
    const { clock, actor, results } = start([new Error('bad'), { type: 'applied', summary: '' }]);
    actor.send({ type: 'asked' });
    await clock.advance(50);
    actor.send({ type: 'asked' });
    await clock.advance(50);
    expect(results).toEqual(['refused', 'applied']);
  });
});
