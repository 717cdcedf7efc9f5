import { createSupervisor, type Supervisor, type SupervisorOptions } from '@watchkeeper/core';
import { supervisionLaws, watchLaws } from '@watchkeeper/telemetry';
import { fakeConnection, inbox, scriptedProbe, simulate, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { root } from '../sourceFiles.ts';

type Charts = Readonly<Record<'monitor' | 'notifier' | 'session' | 'supervisor' | 'service', AnyStateMachine>>;

// Charts with a defect run in core's own supervisor, which takes them inside of its package only.
const core = `${root}/packages/core`;
const { createSupervisorOn } = await import(`${core}/src/createSupervisor.ts`);
const { compileCharts } = await import(`${core}/src/supervisor/charts.ts`);
const { mutate } = await import(`${core}/test/simulation/mutate.ts`);
const { monitorMachine: monitor, notifierMachine: notifier } = await import('@watchkeeper/core');
const { sessionMachine: session, supervisorMachine: supervisor } = await import('@watchkeeper/core');
const { serviceMachine: service } = await import(`${core}/src/service/serviceMachine.ts`);
const whole = { monitor, notifier, session, supervisor, service } as unknown as Charts;

/** How many stories the laws are watched over. */
const stories = 40;

it('the laws of supervision hold in every story of the simulator, whatever it does to the clocks', async () => {
  let lives = 0;
  for (let seed = 0; seed < stories; seed++) {
    const clock = new VirtualClock();
    const watched = (options: SupervisorOptions): Supervisor => {
      const keeper = createSupervisor(options);
      watchLaws(keeper, supervisionLaws(), { clock });
      return keeper;
    };
    let at = 0;
    // A violation is an event, which the simulator takes for what it is.
    const story = await simulate({
      seed,
      createSupervisor: watched,
      onStep({ virtualMs }) {
        clock.advanceSync(virtualMs - at);
        at = virtualMs;
        return true;
      },
    });
    lives += story.lives;
  }
  expect(lives).toBeGreaterThan(stories);
});

/** Lives through everything that the laws are about, on these charts; says which were broken. */
async function brokenBy(changed: Partial<Charts>): Promise<readonly string[]> {
  const clock = new VirtualClock();
  const compiled = compileCharts({ ...whole, ...changed });
  const keeper: Supervisor = createSupervisorOn(compiled, { clock, closeTimeoutMs: 100 });
  const watch = watchLaws(keeper, supervisionLaws(), { clock });
  keeper.monitor('api', scriptedProbe('+-+-+'), { intervalMs: 1_000, jitter: 0, alertAfter: 1 });
  keeper.notifier('a', inbox('take').deliver);
  const slot = keeper.reserve();
  if (slot.reserved) slot.open(fakeConnection({ closing: 'hang' }));
  keeper.start();
  await clock.advance(8_000);
  void keeper.drain({ noticeMs: 100, graceMs: 1_000, deadlineMs: 5_000 });
  await clock.advance(50);
  const late = keeper.reserve();
  if (late.reserved) late.open(fakeConnection());
  await clock.advance(30_000);
  watch.close();
  return Object.entries(watch.violations).flatMap(([law, count]) => (count === 0 ? [] : [law]));
}

interface Orderly {
  after?: object;
  readonly states: Readonly<Record<string, { after?: object } | undefined>>;
}

/** For each law a supervisor that breaks it. */
const defects: Readonly<Record<string, Partial<Charts>>> = {
  'nobody is admitted once a drain has begun': {
    supervisor: supervisor.provide({ actions: { stopAdmitting: () => {} } } as never),
  },
  // A session that does not go by itself, and a supervisor that waits for it.
  'whoever is told to go ends within its grace': {
    supervisor: mutate(supervisor, (chart: { states: { draining: { states: { orderly: Orderly } } } }) => {
      const { orderly } = chart.states.draining.states;
      delete orderly.after;
      delete orderly.states['grace']?.after;
    }),
    session: mutate(session, (chart: { states: Record<string, { on: object; after?: object }> }) => {
      const { draining } = chart.states;
      if (draining === undefined) return;
      delete draining.after;
      draining.on = {};
    }),
  },
  'nothing is sent to a client after its end': {
    supervisor: mutate(supervisor, (chart: { on: Record<string, object> }) => {
      chart.on['actor.ended'] = { actions: ['countEnd', 'publish', 'publish'] };
    }),
  },
  'there is one clear for each raise': {
    monitor: monitor.provide({ actions: { clearAlert: () => {} } } as never),
  },
  'a drain goes through its phases in their order': {
    supervisor: mutate(supervisor, (chart: { states: { draining: { states: { orderly: { states: object } } } } }) => {
      const { lag } = chart.states.draining.states.orderly.states as Record<string, { entry: object }>;
      if (lag !== undefined) lag.entry = { type: 'enterPhase', params: 'withdraw' };
    }),
  },
  'a drain ends by its deadline': {
    supervisor: mutate(supervisor, (chart: { states: { draining: { states: Record<string, object> } } }) => {
      chart.states.draining.states['join'] = { entry: { type: 'enterPhase', params: 'join' } };
    }),
  },
};

describe('the laws of supervision', () => {
  it('hold of the charts as they are', async () => {
    expect(await brokenBy({})).toEqual([]);
    expect(supervisionLaws().map(({ name }) => name)).toEqual(Object.keys(defects));
  });

  it.each(Object.entries(defects))('notice a defect by: %s', async (law, changed) => {
    expect(await brokenBy(changed)).toContain(law);
  });
});
