import { assertEvent, assign, setup } from 'xstate';
import { beginTally, withEnded, withStraggler } from '../drain/drainTally.ts';
import { withdraw } from '../drain/withdraw.ts';
import type { DrainPhase, DrainReport } from '../model/drainReport.ts';
import { addLateNotifier, addMonitor, addNotifier, addSession, amendMonitor } from './addChildren.ts';
import { announceWithdrawal, broadcast } from './broadcast.ts';
import { closeClients, dismissDue, goawayOf, planDismissal, reportOf } from './drainClients.ts';
import { settle, stopMonitor, stopMonitors } from './endChildren.ts';
import { enterHealth, enterWeight } from './propagateHealth.ts';
import {
  now,
  passedOn,
  type SupervisorContext,
  type SupervisorInput,
  type SupervisorMessage,
} from './supervisorContext.ts';

/** What a supervisor's chart does, asks and waits for, by name. */
export const supervisorSetup = setup({
  types: {
    context: {} as SupervisorContext,
    events: {} as SupervisorMessage,
    input: {} as SupervisorInput,
    output: {} as DrainReport,
    tags: {} as 'draining' | 'escalated',
  },
  actors: { withdraw },
  actions: {
    startMonitors: ({ context }) => {
      for (const { actor } of context.actors.monitors) actor.start();
      context.publish({ type: 'supervisor.started' });
    },
    addMonitor: ({ context, event, self }) => {
      assertEvent(event, 'watch');
      addMonitor(context, event, self);
    },
    startMonitor: ({ context, event }) => {
      assertEvent(event, 'watch');
      context.actors.monitors.get(event.id)?.actor.start();
    },
    addNotifier: ({ context, event, self }) => {
      assertEvent(event, 'notify');
      addNotifier(context, event, self);
    },
    addLateNotifier: ({ context, event, self }) => {
      assertEvent(event, 'notify');
      addLateNotifier(context, event, self);
    },
    addSession: ({ context, event, self }) => {
      assertEvent(event, 'open');
      addSession(context, event, self);
    },
    amendMonitor: ({ context, event }) => {
      assertEvent(event, 'amend');
      const child = context.actors.monitors.childOf(event.actorId);
      if (child !== undefined) amendMonitor(context, child);
    },
    stopMonitor: ({ context, event, self }) => {
      assertEvent(event, 'unwatch');
      const child = context.actors.monitors.childOf(event.actorId);
      if (child !== undefined) stopMonitor(context, child, self);
    },
    countMonitor: assign({ monitors: ({ context }) => context.monitors + 1 }),
    uncountMonitor: assign({ monitors: ({ context }) => context.monitors - 1 }),
    countNotifier: assign({ notifiers: ({ context }) => context.notifiers + 1 }),
    countSession: assign({ sessions: ({ context }) => context.sessions + 1 }),
    countStraggler: assign({ tally: ({ context }) => withStraggler(context.tally) }),
    broadcast: ({ context, event }) => {
      assertEvent(event, 'broadcast');
      broadcast(context, event.notice);
    },
    enterHealth: ({ context, event }) => {
      assertEvent(event, ['health.changed', 'monitor.updated']);
      enterHealth(context, event);
    },
    enterWeight: ({ context, event }) => {
      assertEvent(event, 'verdict.judged');
      enterWeight(context, event);
    },
    publish: ({ context, event }) => {
      assertEvent(event, passedOn);
      context.publish(event);
      if (event.type === 'notice.dropped') context.convergence.deliveryEnded(event.notice, false);
    },
    settle: ({ context, event, self }) => {
      assertEvent(event, ['xstate.done.actor.*', 'xstate.error.actor.*']);
      settle(context, event, self);
    },
    countEnd: assign(({ context, event }) => {
      assertEvent(event, 'actor.ended');
      return {
        monitors: context.monitors - (event.kind === 'monitor' ? 1 : 0),
        sessions: context.sessions - (event.kind === 'session' ? 1 : 0),
        notifiers: context.notifiers - (event.kind === 'notifier' ? 1 : 0),
        tally: withEnded(context.tally, event),
      };
    }),
    reportEscalation: ({ context, event }) => {
      assertEvent(event, 'escalated');
      context.publish({ type: 'supervisor.escalated', id: event.id, restarts: event.restarts });
    },
    noteStarted: assign({ started: ({ context }) => context.started || context.ledger.judged }),
    announceWithdrawal: ({ context }) => announceWithdrawal(context),
    noteWithdrawn: assign({ withdrawn: true }),
    stopAdmitting: ({ context }) => context.admission.close(context.drain.reconnectSpreadMs),
    beginDrain: assign(({ context, event }) => ({
      drain: event.type === 'drain' ? event.options : context.drain,
      drainStartedAt: now(context),
      tally: beginTally(context.sessions),
    })),
    enterPhase: ({ context }, phase: DrainPhase) => context.publish({ type: 'drain.entered', phase }),
    reportWithdrawFailure: ({ context }, cause: unknown) => context.publish({ type: 'withdraw.failed', cause }),
    beginWithdrawal: assign({ withdrawing: true }),
    endWithdrawal: assign({ withdrawing: false }),
    writeGoaway: assign(({ context }) => ({ goaway: goawayOf(context, context.drain.graceMs) })),
    writeLastGoaway: assign(({ context }) => ({ goaway: goawayOf(context, 0) })),
    stopMonitors: ({ context, self }) => stopMonitors(context, self),
    planDismissal: ({ context }) => planDismissal(context),
    comeToNextTurn: ({ context }) => context.dismissal.waited(),
    dismissDue: ({ context }) => dismissDue(context),
    closeClients: ({ context }) => closeClients(context),
    cutShort: assign({ outcome: (_, outcome: DrainReport['reason']) => outcome }),
    closeAsStopped: assign({ closeReason: 'stopped' as const, outcome: 'aborted' as const }),
    publishReport: ({ context }) => context.publish({ type: 'drain.ended', report: reportOf(context) }),
  },
  guards: {
    hasNoClientLeft: ({ context }) => context.sessions === 0 && context.notifiers === 0,
    hasNobodyLeft: ({ context }) => context.sessions === 0 && context.notifiers === 0 && context.monitors === 0,
    drainsOnEscalation: ({ context }) => context.options.onEscalation === 'drain',
    hasNoLag: ({ context }) => context.drain.noticeMs === 0,
    isEverybodyTold: ({ context }) => context.dismissal.isOver || (context.sessions === 0 && context.notifiers === 0),
    hasNoGrace: ({ context }) => context.drain.graceMs === 0,
  },
  delays: {
    withdrawTimeout: ({ context }) => context.options.withdrawTimeoutMs,
    lag: ({ context }) => context.drain.noticeMs,
    nextTurn: ({ context }) => context.dismissal.waitMs,
    grace: ({ context }) => context.drain.graceMs,
    deadline: ({ context }) => context.drain.deadlineMs,
  },
});
