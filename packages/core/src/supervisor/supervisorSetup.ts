import { type AnyActorRef, assertEvent, assign, type EventDescriptor, type ExtractEvent, setup } from 'xstate';
import { beginTally, withEnded, withStraggler } from '../drain/drainTally.ts';
import { withdraw } from '../drain/withdraw.ts';
import { receivedEventTypes } from '../events/events.ts';
import type { DrainPhase, DrainReport } from '../model/drainReport.ts';
import type { StartReport } from '../model/startReport.ts';
import { addMonitor, addNotifier, addSession, amendMonitor } from './addChildren.ts';
import { announceWithdrawal, broadcast } from './broadcast.ts';
import {
  abandonClients,
  closeClients,
  goawayOf,
  reportOf,
  scheduleGoaways,
  sendDueGoaways,
  tellAged,
} from './drainClients.ts';
import { childEnded, stopMonitor, stopMonitors } from './endChildren.ts';
import { propagateHealth, propagateWeight } from './propagateHealth.ts';
import { optionsOfDrain, remainingDrain, restoredCounts, tallyOfLost } from './recovery.ts';
import {
  addService,
  advanceStop,
  beginServices,
  decideAfterRun,
  noteServiceState,
  quiesceServices,
  reportStart,
  restartService,
  stopService,
  stopServices,
  stopServicesWithin,
} from './services.ts';
import {
  drainedForMs,
  now,
  type SupervisorContext,
  type SupervisorInput,
  type SupervisorMessage,
} from './supervisorContext.ts';

/** Returns an action that calls `act` with its event, which must be of one of `types`. */
function on<TType extends EventDescriptor<SupervisorMessage>>(
  types: TType | readonly TType[],
  act: (context: SupervisorContext, event: ExtractEvent<SupervisorMessage, TType>, self: AnyActorRef) => void,
) {
  return ({ context, event, self }: { context: SupervisorContext; event: SupervisorMessage; self: AnyActorRef }) => {
    assertEvent(event, types);
    act(context, event, self);
  };
}

/** Types, actions, guards and delays of the supervisor machine, by name. */
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
      for (const { actor } of context.children.monitors) actor.start();
      context.publish({ type: 'supervisor.started' });
    },
    noteStart: assign({ startedAt: ({ context }) => now(context) }),
    reportStart: ({ context }, reason: StartReport['reason']) => {
      if (!context.isStartReported) reportStart(context, reason);
    },
    noteStartReported: assign({ isStartReported: true }),
    addService: on('serve', addService),
    countService: assign({ services: ({ context }) => context.services + 1 }),
    beginServices: ({ context }) => beginServices(context),
    beginService: on('serve', (context, { id }) => context.serviceTable.get(id)?.child.actor.send({ type: 'begin' })),
    stopService: on('unserve', stopService),
    restartService: on('rerun', restartService),
    noteServiceState: on('service.entered', noteServiceState),
    decideAfterRun: on('run.ended', decideAfterRun),
    advanceStop: ({ context }) => advanceStop(context),
    closeServices: ({ context }) => context.serviceTable.close(),
    quiesceServices: ({ context }) => quiesceServices(context),
    stopServices: ({ context }) => stopServices(context),
    cutShort: assign({ isCutShort: true }),
    stopServicesSoon: ({ context }) => stopServicesWithin(context, context.options.closeTimeoutMs),
    abandonServices: ({ context }) => stopServicesWithin(context, 0),
    addMonitor: on('watch', addMonitor),
    startMonitor: on('watch', ({ children }, { id }) => void children.monitors.get(id)?.actor.start()),
    addNotifier: on('notify', addNotifier),
    addSession: on('open', addSession),
    tellAged: on('session.aged', (context, { id }) => tellAged(context, id)),
    amendMonitor: on('amend', (context, { actorId }) => {
      const child = context.children.monitors.childOf(actorId);
      if (child !== undefined) amendMonitor(context, child);
    }),
    stopMonitor: on('unwatch', (context, { actorId }, self) => {
      const child = context.children.monitors.childOf(actorId);
      if (child !== undefined) stopMonitor(context, child, self);
    }),
    countMonitor: assign({ monitors: ({ context }) => context.monitors + 1 }),
    uncountMonitor: assign(({ context, event }) => {
      assertEvent(event, 'escalated');
      // A service ends by itself, and is counted then.
      if (event.kind === 'service') return {};
      context.children.uncounted.monitor -= 1;
      return { monitors: context.monitors - 1 };
    }),
    countNotifier: assign({ notifiers: ({ context }) => context.notifiers + 1 }),
    countSession: assign({ sessions: ({ context }) => context.sessions + 1 }),
    countStraggler: assign({ tally: ({ context }) => withStraggler(context.tally) }),
    addHold: on('hold', ({ holds }, { hold }) => holds.add(hold)),
    releaseHold: on('hold.released', ({ holds }, { hold }) => holds.release(hold)),
    broadcast: on('broadcast', (context, { notice }) => broadcast(context, notice)),
    propagateHealth: on(['health.changed', 'monitor.updated'], propagateHealth),
    noteFirstVerdict: on('verdict.judged', ({ healthIndex }, { id }) => healthIndex.noteVerdict(id)),
    propagateWeight: on('verdict.judged', propagateWeight),
    publish: on(receivedEventTypes, ({ publish }, event) => publish(event)),
    childEnded: on(['xstate.done.actor.*', 'xstate.error.actor.*'], childEnded),
    countEnd: assign(({ context, event }) => {
      assertEvent(event, 'actor.ended');
      context.children.uncounted[event.kind] -= 1;
      return {
        monitors: context.monitors - (event.kind === 'monitor' ? 1 : 0),
        sessions: context.sessions - (event.kind === 'session' ? 1 : 0),
        notifiers: context.notifiers - (event.kind === 'notifier' ? 1 : 0),
        services: context.services - (event.kind === 'service' ? 1 : 0),
        tally: withEnded(context.tally, event),
      };
    }),
    reportEscalation: on('escalated', ({ publish }, { kind, id, restarts }) =>
      publish({ type: 'supervisor.escalated', kind, id, restarts }),
    ),
    markStarted: assign({
      started: ({ context: { started, healthIndex, serviceTable } }) =>
        started || (healthIndex.judged && serviceTable.wasEachReady),
    }),
    announceWithdrawal: ({ context }) => announceWithdrawal(context),
    markWithdrawn: assign({ withdrawn: true }),
    stopAdmitting: ({ context }) => context.admission.close(context.drain.reconnectSpreadMs),
    beginDrain: assign(({ context, event }) => ({
      drain: optionsOfDrain(event) ?? context.drain,
      drainStartedAt: now(context),
      tally: beginTally(context.sessions, context.services),
    })),
    enterPhase: ({ context }, phase: DrainPhase) => context.publish({ type: 'drain.entered', phase }),
    reportWithdrawFailure: ({ context }, cause: unknown) => context.publish({ type: 'withdraw.failed', cause }),
    beginWithdrawal: assign({ withdrawing: true }),
    endWithdrawal: assign({ withdrawing: false }),
    prepareGoaway: assign(({ context }) => ({ goaway: goawayOf(context, context.drain.graceMs) })),
    prepareLastGoaway: assign(({ context }) => ({ goaway: goawayOf(context, 0) })),
    captureMonitors: ({ context }) => context.captureMonitors(),
    stopMonitors: ({ context, self }) => stopMonitors(context, self),
    scheduleGoaways: ({ context }) => scheduleGoaways(context),
    advanceSchedule: ({ context }) => context.goawaySchedule.advance(),
    sendDueGoaways: ({ context }) => sendDueGoaways(context),
    closeClients: ({ context }) => closeClients(context),
    abandonClients: ({ context }) => abandonClients(context),
    // Behind all that those send who end now.
    awaitEnds: ({ self }) => self.send({ type: 'abandoned' }),
    countLost: assign(({ context }) => ({ tally: tallyOfLost(context) })),
    setOutcome: assign({
      outcome: ({ context }, outcome: DrainReport['reason']) => (context.outcome === 'failed' ? 'failed' : outcome),
    }),
    closeAsStopped: assign({
      closeReason: 'stopped' as const,
      outcome: ({ context }) => (context.outcome === 'failed' ? ('failed' as const) : ('aborted' as const)),
    }),
    reportFailure: ({ context, event }) => {
      assertEvent(event, ['failure', 'clock.failed']);
      context.publish({ type: 'supervisor.failed', cause: event.cause });
    },
    restoreCounts: assign(({ context, event }) => {
      assertEvent(event, ['failure', 'failure.force', 'failure.end']);
      return restoredCounts(context, event.during);
    }),
    shortenDrain: assign(({ context }) => ({ drain: remainingDrain(context) })),
    publishReport: ({ context }) => context.publish({ type: 'drain.ended', report: reportOf(context) }),
  },
  guards: {
    isFirstVerdict: ({ context, event }) =>
      event.type === 'verdict.judged' && context.healthIndex.awaitsVerdict(event.id),
    isNobodyWaitedFor: ({ context: { sessions, notifiers, holds } }) =>
      sessions === 0 && notifiers === 0 && holds.size === 0,
    isNothingWaitedFor: ({ context: { sessions, notifiers, services, monitors, holds } }) =>
      sessions === 0 && notifiers === 0 && services === 0 && monitors === 0 && holds.size === 0,
    hasNoActorLeft: ({ context: { sessions, notifiers, services, monitors } }) =>
      sessions === 0 && notifiers === 0 && services === 0 && monitors === 0,
    hasNoService: ({ context }) => context.services === 0,
    isCutShort: ({ context }) => context.isCutShort || context.services === 0,
    hasStartDeadline: ({ context }) => context.options.startDeadlineMs > 0,
    hasStarted: ({ context }) => context.started,
    drainsOnStartFailure: ({ context }) => context.options.onStartFailure === 'drain',
    drainsOnEscalation: ({ context }) => context.options.onEscalation === 'drain',
    isEveryEndCounted: ({ context: { children } }) => Object.values(children.uncounted).every((count) => count <= 0),
    hasNoLag: ({ context }) => context.drain.noticeMs === 0,
    isEveryGoawaySent: ({ context }) =>
      context.goawaySchedule.isOver || (context.sessions === 0 && context.notifiers === 0),
    hasNoGrace: ({ context }) => context.drain.graceMs === 0,
  },
  delays: {
    withdrawTimeout: ({ context }) => context.options.withdrawTimeoutMs,
    lag: ({ context }) => context.drain.noticeMs,
    nextTurn: ({ context }) => context.goawaySchedule.waitMs,
    grace: ({ context }) => context.drain.graceMs,
    deadline: ({ context }) => context.drain.deadlineMs,
    deadlineLeft: ({ context }) => Math.max(1, context.drain.deadlineMs - drainedForMs(context)),
    startDeadline: ({ context }) => context.options.startDeadlineMs,
    closeTimeout: ({ context }) => context.options.closeTimeoutMs,
  },
});
