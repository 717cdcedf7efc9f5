import { fakeConnection, inbox, scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createSupervisorOn } from '../src/createSupervisor.ts';
import { monitorMachine as monitor } from '../src/monitor/monitorMachine.ts';
import { notifierMachine as notifier } from '../src/notifier/notifierMachine.ts';
import { serviceMachine as service } from '../src/service/serviceMachine.ts';
import { sessionMachine as session } from '../src/session/sessionMachine.ts';
import { compileCharts } from '../src/supervisor/charts.ts';
import { supervisorMachine } from '../src/supervisor/supervisorMachine.ts';
import { expectReserved } from './support/testSupervisor.ts';

const { actions, guards } = supervisorMachine.implementations;
type Step = 'actions' | 'guards';

/** Returns the machine with one step that throws from its `nth` use on, for `times` uses. */
function failingAt(kind: Step, name: string, nth: number, times: number) {
  let used = 0;
  const check = () => {
    used += 1;
    if (used >= nth && used < nth + times) throw new Error(`${name} is broken`);
  };
  if (kind === 'guards') {
    const guard = guards[name as keyof typeof guards] as (args: unknown) => boolean;
    const failing = (args: unknown) => {
      check();
      return guard(args);
    };
    return supervisorMachine.provide({ guards: { [name]: failing } as never });
  }
  const action = actions[name as keyof typeof actions] as (args: unknown, params: unknown) => void;
  // XState refuses to call an `assign`: that one throws at every use.
  const failing = (args: unknown, params: unknown) => {
    check();
    action(args, params);
  };
  return supervisorMachine.provide({ actions: { [name]: failing } as never });
}

/** Lives through a whole drain with a step that is broken, and holds what must hold for whoever was admitted. */
async function live(kind: Step, name: string, nth: number, times: number): Promise<void> {
  const supervisor = failingAt(kind, name, nth, times);
  const clock = new VirtualClock();
  const charts = compileCharts({ monitor, notifier, service, session, supervisor });
  const drain = { noticeMs: 50, graceMs: 100, deadlineMs: 200 };
  const keeper = createSupervisorOn(charts, { clock, closeTimeoutMs: 100, drain });
  const attempt = <T>(call: () => T): T | undefined => {
    try {
      return call();
    } catch {
      return undefined;
    }
  };
  const connections = [
    fakeConnection({ onGoaway: () => opened[0]?.end() }),
    fakeConnection({ closing: 'hang' }),
    fakeConnection(),
  ];
  attempt(() => keeper.monitor('api', scriptedProbe('+-')));
  keeper.start();
  const opened = connections.map((each) => {
    const slot = attempt(() => expectReserved(keeper.reserve()));
    return slot === undefined ? undefined : attempt(() => slot.open(each));
  });
  const notifiers = ['a', 'b'].map((key) =>
    attempt(() => keeper.notifier(key, inbox(key === 'b' ? 'hold' : 'take').deliver)),
  );
  await clock.settle();
  attempt(() => keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' }));
  attempt(() => keeper.monitorOf('api')?.stop());
  await clock.settle();
  const ended = keeper.drain();
  await clock.advance(1_000);
  const what = `${name} at ${nth}, ${times} times`;
  expect([what, keeper.phase, clock.pending]).toEqual([what, 'stopped', 0]);
  const report = await ended;
  const open = opened.filter((each) => each !== undefined);
  expect([what, report.sessions.early + report.sessions.forced]).toEqual([what, report.sessions.total]);
  expect([what, report.sessions.total >= open.length]).toEqual([what, true]);
  await Promise.all([...open, ...notifiers.filter((each) => each !== undefined)].map(({ closed }) => closed));
  for (const [index, each] of opened.entries()) {
    // The first leaves by itself when it is told to.
    const closes = connections[index]?.closes.length ?? 0;
    if (each !== undefined && index > 0) expect([what, index, closes]).toEqual([what, index, 1]);
  }
  expect(() => keeper.notifier('late', () => {})).toThrow();
}

describe('a supervisor whose own machine throws in', () => {
  const names = [
    ...Object.keys(actions).map((name) => ['actions', name] as const),
    ...Object.keys(guards).map((name) => ['guards', name] as const),
  ];
  it.each(names)('%s: %s ends all the same, and everybody with it (INV-25, INV-28, INV-39)', async (kind, name) => {
    for (const nth of [1, 2, 3]) {
      for (const times of [1, Number.POSITIVE_INFINITY]) await live(kind, name, nth, times);
    }
  });
});
