import { monitorMachine, notifierMachine, sessionMachine, supervisorMachine } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { type StateValue, setup } from 'xstate';
import { ReplayError, replay } from '../src/index.ts';

const door = setup({ guards: { isLocked: () => false } }).createMachine({
  initial: 'closed',
  states: {
    closed: { on: { push: [{ guard: 'isLocked' }, { target: 'open' }] } },
    open: { after: { 500: 'closed' }, on: { pull: 'closed' } },
  },
});

describe('a replay', () => {
  it('goes the recorded way, guards answering as they did', () => {
    const push = (isLocked: boolean) => ({ event: 'push', guards: [['isLocked', isLocked]] }) as const;
    expect(replay(door, { from: 'closed', steps: [push(true), push(false), { event: 'pull' }, push(false)] })).toEqual([
      'closed',
      'open',
      'closed',
      'open',
    ]);
  });

  it('says where a definition asks other guards than the record answers', () => {
    const unanswered = () => replay(door, { from: 'closed', steps: [{ event: 'push' }] });
    expect(unanswered).toThrow(ReplayError);
    expect(unanswered).toThrow('The chart asks isLocked where the record has no guard: step 1, push');
    const unasked = () => replay(door, { from: 'open', steps: [{ event: 'pull', guards: [['isLocked', true]] }] });
    expect(unasked).toThrow('The chart does not ask isLocked: step 1, pull');
  });

  it('takes our own machines through invocations, raised events and final states', () => {
    const watching = (cadence: StateValue, health: string, alert: string) => ({
      watching: { cadence, health, stability: 'calm', alert },
    });
    expect(
      replay(monitorMachine, {
        from: watching({ checking: 'probing' }, 'healthy', 'quiet'),
        steps: [
          {
            event: 'xstate.done.actor.0.monitor.watching.cadence.checking.probing',
            raised: ['probe.failed'],
            guards: [
              ['isVoid', false],
              ['isFlapping', false],
              ['isCheckPending', false],
              ['failedEnough', true],
              ['isAlertHeld', false],
              ['isAlertDue', true],
              ['isFlapping', false],
              ['isCheckPending', false],
            ],
          },
          { event: 'stop' },
        ],
      }),
    ).toEqual([watching('waiting', 'unhealthy', 'raised'), 'stopped']);
    expect(replay(notifierMachine, { from: { reading: 'ready' }, steps: [{ event: 'close' }] })).toEqual(['closed']);
    expect(replay(sessionMachine, { from: 'open', steps: [{ event: 'drain', guards: [['hasGrace', true]] }] })).toEqual(
      ['draining'],
    );
    const drained = replay(supervisorMachine, {
      from: { draining: 'join' },
      steps: [{ event: 'actor.ended', guards: [['isNothingWaitedFor', true]] }],
    });
    expect(drained).toEqual(['stopped']);
  });
});
