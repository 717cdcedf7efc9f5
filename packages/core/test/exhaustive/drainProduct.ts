import { exploreProduct, type ProductExploration, type ProductLaw } from '@watchkeeper/testing';
import { type AnyStateMachine, emit, enqueueActions, StateMachine } from 'xstate';
import { type SessionContext, sessionMachine } from '../../src/session/sessionMachine.ts';
import type { SupervisorContext } from '../../src/supervisor/supervisorContext.ts';
import { supervisorMachine } from '../../src/supervisor/supervisorMachine.ts';
import { limits } from './chartExploration.ts';

const drain = (noticeMs: number, graceMs: number) => ({
  type: 'drain',
  options: { noticeMs, graceMs, deadlineMs: 1_000, signal: undefined, uri: undefined },
});
const goaway = ({ context }: { context: SupervisorContext }) => ({
  type: 'drain',
  notice: { type: 'goaway', reason: 'draining', graceMs: context.drain.graceMs, at: 0 },
});
const closing = (type: string) =>
  emit(({ context }: { context: SupervisorContext }) => ({ type, reason: context.closeReason }));

/** The supervisor's chart, which emits what its actions would send to the session. */
const supervisor = supervisorMachine.provide({
  actions: {
    addSession: enqueueActions(({ context, enqueue }) => {
      enqueue.emit({ type: 'opened' } as never);
      if (context['goaway'] !== undefined) enqueue.emit(goaway as never);
    }),
    sendDueGoaways: emit(goaway),
    closeClients: closing('force'),
    abandonClients: closing('abandon'),
  } as never,
});

/** The session's chart, with the time before its supervisor has opened it, and with its end told. */
const session = new StateMachine(
  {
    ...sessionMachine.config,
    initial: 'absent',
    states: {
      absent: {
        on: { 'peer.goaway': {}, admit: { target: 'admitted', actions: emit({ type: 'open' }) } },
      },
      admitted: { on: { 'peer.goaway': {}, opened: 'open' } },
      ...sessionMachine.config.states,
      closed: { type: 'final', entry: emit({ type: 'actor.ended', kind: 'session', reason: 'peer' }) },
    },
  } as never,
  sessionMachine.implementations as never,
) as unknown as AnyStateMachine;

/** What must hold of a supervisor and a session in every order of their messages. */
export const drainLaws: Readonly<Record<string, ProductLaw>> = {
  'a supervisor that has stopped leaves no session (INV-79)': ({ supervisor, session }) =>
    supervisor?.status !== 'done' || ['absent', 'admitted', 'closed'].includes(String(session?.value)),
  'nobody is told twice to go (INV-25)': (_, cause) =>
    cause?.step.to !== 'session' || cause.step.event.type !== 'drain' || cause.before['session']?.value !== 'draining',
  'every session is counted, once (INV-15)': ({ supervisor }) => [0, 1].includes(supervisor?.context.sessions),
  'nobody is forced while no drain is under way (INV-30)': ({ supervisor, session }) =>
    session?.context.forced !== true || supervisor?.matches('draining') === true || supervisor?.status === 'done',
};

const toSupervisor = [
  ...['start', 'abort', 'stop'].map((type) => ({ type })),
  ...[drain(0, 0), drain(0, 100), drain(100, 100)],
  { type: 'xstate.done.actor.0.supervisor.draining.orderly.withdraw' },
];
const toSession = [
  ...['admit', 'peer.overdue', 'goaway.failed', 'connection.closed', 'close.failed'].map((type) => ({ type })),
  { type: 'peer.goaway', timeoutMs: 10 },
  ...['peer', 'stalled'].map((reason) => ({ type: 'end', reason })),
];

/** Explores {session × supervisor}: every order of admit, drain, stop, abort, leave, failure, timer and message. */
export function exploreDrain(changed: { supervisor?: AnyStateMachine } = {}): ProductExploration {
  return exploreProduct(
    { supervisor, session, ...changed },
    {
      ...limits,
      events: [
        ...toSupervisor.map((event) => ({ to: 'supervisor', event })),
        ...toSession.map((event) => ({ to: 'session', event })),
      ],
      connect(from, event) {
        if (from === 'supervisor') return { to: 'session', event };
        return ['open', 'actor.ended'].includes(event.type) ? { to: 'supervisor', event } : undefined;
      },
      inputs: { supervisor: supervisorInput(), session: sessionInput },
      remembers: (context: SupervisorContext & SessionContext, name) =>
        name === 'session'
          ? [context.peerLeaving, context.forced, context.reason]
          : [
              context.sessions,
              context.goaway?.graceMs,
              context.closeReason,
              context.drain.noticeMs,
              context.drain.graceMs,
            ],
      laws: drainLaws,
    },
  );
}

const sessionInput = {
  id: '1',
  settings: { closeTimeoutMs: 10, onPeerGoaway: 'close' },
  listener: { send: () => {} },
};

function supervisorInput() {
  return {
    options: {
      onEscalation: 'stay',
      startDeadlineMs: 0,
      withdraw: () => {},
      withdrawTimeoutMs: 10,
      closeTimeoutMs: 10,
      drain: drain(0, 100).options,
    },
    runtime: { clock: { now: () => 0 } },
    healthIndex: { judged: true, awaitsVerdict: () => false },
    serviceTable: { wasEachReady: true },
    holds: { size: 0, names: [] },
    drainedClients: { report: { clients: [] } },
    children: {
      services: { size: 0 },
      get uncounted() {
        return { monitor: 0, notifier: 0, session: 0, service: 0 };
      },
    },
    goawaySchedule: { isOver: true, waitMs: 1 },
  };
}

/** The supervisor of the product, for what changes it. */
export const productSupervisor: AnyStateMachine = supervisor;
