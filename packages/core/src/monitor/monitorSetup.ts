import { assign, sendTo, setup } from 'xstate';
import type { MonitorEvent } from '../events/events.ts';
import type { Health } from '../model/health.ts';
import { type Judgement, type MonitorCommand, type MonitorContext, type MonitorInput, now } from './monitorContext.ts';
import type { MonitorSnapshot } from './monitorSnapshot.ts';
import { ask } from './runProbe.ts';

/** What the parts of a monitor's chart have in common; each part adds its own actions, guards and delays. */
export const monitorSetup = setup({
  types: {
    context: {} as MonitorContext,
    events: {} as MonitorCommand | Judgement,
    input: {} as MonitorInput,
    output: {} as { reason: 'stopped' },
    tags: {} as Health,
  },
  actors: { ask },
  actions: {
    become: assign(({ context }, health: Health) => ({
      health,
      formerHealth: context.health,
      changes: context.changes + 1,
      // The first health of one that remembers is as old as it was.
      since: context.changes === 0 && context.memory?.health === health ? context.memory.since : now(context),
    })),
    reportHealth: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, formerHealth, health, detail, epoch, changes, options } }): MonitorEvent => ({
        type: 'health.changed',
        id,
        from: formerHealth,
        to: health,
        epoch,
        seq: changes,
        required: options.required,
        ...(detail === undefined ? {} : { detail }),
      }),
    ),
  },
  guards: {
    recalls: ({ context }, health: Health) => context.memory?.health === health,
    recallsAlert: ({ context }, alert: MonitorSnapshot['alert']) => context.memory?.alert === alert,
    passedEnough: ({ context }) => context.streaks.passes >= context.options.successThreshold,
    failedEnough: ({ context }) => context.streaks.failures >= context.options.failureThreshold,
    erredEnough: ({ context }) => context.streaks.errors >= context.options.errorThreshold,
  },
});
