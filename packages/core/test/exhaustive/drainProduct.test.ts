import { describe, expect, it } from 'vitest';
import { emit } from 'xstate';
import { drainLaws, exploreDrain, productSupervisor } from './drainProduct.ts';

describe('a session and its supervisor', () => {
  it('keep the laws of the drain in every order of their messages (INV-15, INV-25, INV-30, INV-79)', () => {
    const { violations, isComplete, coverage, states } = exploreDrain();
    expect([violations, isComplete]).toEqual([[], true]);
    expect(states).toBeGreaterThan(100);
    expect(coverage['session']?.states.missing).toEqual([]);
    expect(coverage['supervisor']?.states.missing).toEqual([
      'supervisor.running.starting.limited',
      'supervisor.running.escalated',
      'supervisor.draining.services.stopping',
    ]);
  });

  const broken = {
    'a supervisor that has stopped leaves no session (INV-79)': { guards: { hasNoActorLeft: () => true } },
    'nobody is told twice to go (INV-25)': {
      actions: { scheduleGoaways: emit({ type: 'drain', notice: { graceMs: 100 } } as never) },
    },
    'every session is counted, once (INV-15)': { actions: { countSession: () => {} } },
    'nobody is forced while no drain is under way (INV-30)': {
      actions: { startMonitors: emit({ type: 'force', reason: 'forced' } as never) },
    },
  };
  it.each(Object.entries(broken))('break the law that %s when one thing is wrong', (law, implementations) => {
    const { violations } = exploreDrain({ supervisor: productSupervisor.provide(implementations as never) });
    expect(Object.keys(broken)).toEqual(Object.keys(drainLaws));
    expect(violations.map((violation) => violation.law)).toContain(law);
  });
});
