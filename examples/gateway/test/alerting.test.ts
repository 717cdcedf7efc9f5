import { createSupervisor, type MonitorOptions, type Probe } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../src/alerts/deliveryError.ts';
import type { DeliveryEvent } from '../src/alerts/deliveryEvent.ts';
import { AlertDesk } from '../src/alerts/desk.ts';
import { followAlerts } from '../src/alerts/followAlerts.ts';
import { retryDefaults } from '../src/alerts/retryPolicy.ts';
import { webhook } from '../src/alerts/webhook.ts';

const policy = { ...retryDefaults, attempts: 1_000, firstDelayMs: 500, maxDelayMs: 2_000 };

/** A supervisor and a destination in virtual time; `send` decides what becomes of each try. */
function watch(send: (heard: string) => Promise<void> | void) {
  const clock = new VirtualClock({ epochMs: 0 });
  const random = () => 0.5;
  const keeper = createSupervisor({ clock, random, monitor: { intervalMs: 1_000, alertAfter: 1, jitter: 0 } });
  const heard: string[] = [];
  const events: DeliveryEvent[] = [];
  const desk = new AlertDesk({
    clock,
    random,
    tell: (event) => events.push(event),
    send: async ({ body }) => {
      const { target, news } = body as { target: string; news: string };
      await send(`${target} ${news}`);
      heard.push(`${target} ${news}`);
    },
  });
  desk.add('ops', { destination: webhook({ url: 'http://ops/' }), policy });
  followAlerts(keeper, { desk, notifyOf: () => ['ops'] });
  const down = new Set<string>();
  const checks: string[] = [];
  return {
    clock,
    keeper,
    heard,
    events,
    down,
    checks,
    add(id: string, options: MonitorOptions = {}) {
      const probe: Probe = async () => {
        checks.push(`${clock.now()} ${id}`);
        return { status: down.has(id) ? 'fail' : 'pass' };
      };
      keeper.monitor(id, probe, options);
    },
    async end() {
      await keeper.stop();
      const closed = desk.close();
      await clock.advance(retryDefaults.closeMs);
      await closed;
      expect(clock.pending).toBe(0);
    },
  };
}

describe('alerts of a supervisor', () => {
  it('are told once the threshold is reached, and not of a target that comes back before (INV-58, INV-59)', async () => {
    const { clock, keeper, heard, down, add, end } = watch(() => {});
    add('web', { alertAfter: 3 });
    keeper.start();
    down.add('web');
    await clock.advance(1_500);
    down.delete('web');
    await clock.advance(2_000);
    expect(heard).toEqual([]);
    down.add('web');
    await clock.advance(5_000);
    down.delete('web');
    await clock.advance(2_000);
    expect(heard).toEqual(['web down', 'web up']);
    await end();
  });

  it('are held for what depends on a target that is down, and for what flaps', async () => {
    const { clock, keeper, heard, down, add, end } = watch(() => {});
    add('db');
    add('web', { dependsOn: ['db'], alertAfter: 3 });
    add('moody', { flapHalfLifeMs: 600_000, flapSuppress: 1.5 });
    keeper.start();
    await clock.advance(500);
    down.add('db').add('web');
    for (let falls = 0; falls < 4; falls++) {
      down.add('moody');
      await clock.advance(2_000);
      down.delete('moody');
      await clock.advance(2_000);
    }
    down.clear();
    await clock.advance(2_000);
    expect(heard).toEqual(['db down', 'moody down', 'moody up', 'db up']);
    await end();
  });

  it('never delay a check, however long a destination hangs (INV-71)', async () => {
    const times: string[][] = [];
    for (const send of [() => {}, () => new Promise<void>(() => {})]) {
      const { clock, keeper, down, checks, add, end } = watch(send);
      for (const id of ['a', 'b', 'c']) add(id);
      keeper.start();
      for (let turn = 0; turn < 10; turn++) {
        if (turn % 2 === 0) down.add('a').add('b');
        else down.clear();
        await clock.advance(1_000);
      }
      times.push(checks);
      await end();
    }
    const [quick, hanging] = times;
    expect(quick?.length).toBeGreaterThanOrEqual(30);
    expect(hanging).toEqual(quick);
  });

  it('reach a destination that fails at random in pairs, each once, in their order (INV-58, INV-71)', async () => {
    const turn = fc.record({
      target: fc.constantFrom('a', 'b'),
      fails: fc.boolean(),
      waitMs: fc.integer({ min: 1, max: 2_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 20 }), async (turns) => {
        let fails = false;
        const { clock, keeper, heard, events, down, add, end } = watch(() => {
          if (fails) throw new DeliveryError('answered 503');
        });
        for (const id of ['a', 'b']) add(id);
        keeper.start();
        for (const { target, waitMs, ...then } of turns) {
          fails = then.fails;
          if (!down.delete(target)) down.add(target);
          await clock.advance(waitMs);
        }
        fails = false;
        down.clear();
        await clock.advance(6_000);
        for (const id of ['a', 'b']) {
          const told = heard.filter((line) => line.startsWith(id)).map((line) => line.slice(2));
          expect(told.join(' ')).toMatch(/^((down up|both)( |$))*$/);
        }
        expect(events.filter(({ type }) => type === 'alert.dropped')).toEqual([]);
        await end();
      }),
      { numRuns: 15 },
    );
  });
});
