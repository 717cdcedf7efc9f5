import { assertEvent, assign, fromPromise } from 'xstate';
import type { Charts } from '../../src/charts.ts';
import { monitorMachine as monitor } from '../../src/monitorMachine.ts';
import { notifierMachine as notifier } from '../../src/notifierMachine.ts';
import { sameTopic } from '../../src/outbox.ts';
import { sessionMachine as session } from '../../src/sessionMachine.ts';
import { addSession, enterHealth, settle } from '../../src/supervision.ts';
import { supervisorMachine as supervisor } from '../../src/supervisorMachine.ts';
import type { Verdict } from '../../src/verdict.ts';
import { mutate } from './mutate.ts';

/** A defect put in on purpose. */
export interface Mutant {
  readonly name: string;
  /** The law that must notice it. */
  readonly law: string;
  readonly charts: Partial<Charts>;
}

const mutant = (name: string, law: string, charts: Partial<Charts>): Mutant => ({ name, law, charts });

const monitorMutants: readonly Mutant[] = [
  mutant('let a verdict pass that a new probe has overtaken', 'INV-45', {
    monitor: mutate(monitor, (chart) => {
      delete chart['states'].watching.states.cadence.on.update.target;
    }),
  }),
  mutant('let a verdict pass that a mark has overtaken', 'INV-45', {
    monitor: mutate(monitor, (chart) => {
      delete chart['states'].watching.states.cadence.states.checking.on.markReconnecting.target;
    }),
  }),
  mutant('ask twice at once', 'INV-46', {
    monitor: monitor.provide({
      actors: {
        ask: fromPromise<Verdict, { probe: (signal: AbortSignal) => Promise<Verdict> }>(async ({ input, signal }) => {
          const [verdict] = await Promise.all([input.probe(signal), input.probe(signal)]);
          return verdict;
        }),
      },
    }),
  }),
  mutant('wait for ever for an answer', 'INV-62', {
    monitor: mutate(monitor, (chart) => {
      delete chart['states'].watching.states.cadence.states.checking.states.probing.after;
    }),
  }),
  mutant('never ask again', 'INV-63', {
    monitor: mutate(monitor, (chart) => {
      delete chart['states'].watching.states.cadence.states.waiting.after;
    }),
  }),
  mutant('ask first after an interval', 'INV-40', {
    monitor: mutate(monitor, (chart) => {
      chart['states'].watching.states.cadence.initial = 'waiting';
    }),
  }),
  mutant('never clear the alert', 'INV-58', { monitor: monitor.provide({ actions: { clearAlert: () => {} } }) }),
  mutant('alert again at every failure', 'INV-58', {
    monitor: mutate(monitor, (chart) => {
      chart['states'].watching.states.alert.states.raised.on['probe.failed'] = { actions: 'raiseAlert' };
    }),
  }),
  mutant('alert at the first failure whatever the threshold', 'INV-58', {
    monitor: monitor.provide({ guards: { isAlertDue: () => true } }),
  }),
  mutant('forget over a crash that an alert is raised', 'INV-58', {
    monitor: mutate(monitor, (chart) => {
      chart['states'].watching.states.alert.states.recalling.always.shift();
    }),
  }),
  mutant('claim health before the first check', 'INV-67', {
    monitor: mutate(monitor, (chart) => {
      chart['states'].watching.states.health.initial = 'healthy';
    }),
  }),
  mutant('report a change that is none', 'INV-44', {
    monitor: mutate(monitor, (chart) => {
      delete chart['states'].watching.states.health.states.healthy.on['probe.passed'];
      chart['states'].watching.states.health.states.healthy.on['probe.passed'] = { target: 'healthy', reenter: true };
    }),
  }),
  mutant('judge a composite by the clock alone', 'INV-72', {
    monitor: mutate(monitor, (chart) => {
      delete chart['states'].watching.states.cadence.states.waiting.on.check;
    }),
  }),
  mutant('change health in silence', 'INV-60', {
    monitor: mutate(monitor, (chart) => {
      chart['states'].watching.states.health.states.unhealthy.entry.pop();
    }),
  }),
];

const notifierMutants: readonly Mutant[] = [
  mutant('let a notice displace the goaway', 'INV-5', {
    notifier: mutate(notifier, (chart) => {
      chart['states'].delivering.on.notice.shift();
      const [goawayFirst, ...others] = chart['states'].choosing.always;
      chart['states'].choosing.always = [others[0], goawayFirst, ...others.slice(1)];
    }),
  }),
  mutant('stay after the goaway', 'INV-4', {
    notifier: mutate(notifier, (chart) => {
      chart['states'].parting.on['delivery.done'] = {
        target: 'choosing',
        actions: ['noteTold', assign({ goaway: undefined })],
      };
    }),
  }),
  mutant('have two deliveries under way', 'INV-9', {
    notifier: mutate(notifier, (chart) => {
      chart['states'].delivering.on.notice.at(-1).actions = ['hand'];
    }),
  }),
  mutant('keep the older of two notices', 'INV-8', {
    notifier: notifier.provide({
      actions: {
        keep: assign(({ context, event }) => {
          assertEvent(event, 'notice');
          const { outbox } = context;
          return { outbox: sameTopic(outbox, event.notice) === undefined ? [...outbox, event.notice] : outbox };
        }),
      },
    }),
  }),
  mutant('drop in silence', 'INV-77', { notifier: notifier.provide({ actions: { reportOldest: () => {} } }) }),
  mutant('coalesce in silence', 'INV-77', { notifier: notifier.provide({ actions: { reportCoalesced: () => {} } }) }),
  mutant('wait for ever for a slow client', 'INV-21', {
    notifier: mutate(notifier, (chart) => {
      delete chart['states'].delivering.states.stalled.after;
    }),
  }),
  mutant('begin with an empty outbox', 'INV-4', {
    notifier: mutate(notifier, (chart) => {
      const { context } = chart;
      chart['context'] = (args: unknown) => ({ ...context(args), outbox: [] });
    }),
  }),
  mutant('keep the replaced client', 'INV-6', {
    notifier: mutate(notifier, (chart) => {
      chart['on'].close.guard = ({ event }: { event: { reason: string } }) => event.reason !== 'replaced';
    }),
  }),
];

const sessionMutants: readonly Mutant[] = [
  mutant('tell a peer twice', 'INV-25', {
    session: session.provide({
      actions: {
        sendGoaway: ({ context: { connection, notice } }) => {
          if (notice === undefined) return;
          connection.goaway(notice, () => {});
          connection.goaway(notice, () => {});
        },
      },
    }),
  }),
  mutant('tell nobody', 'INV-25', { session: session.provide({ actions: { sendGoaway: () => {} } }) }),
  mutant('close before the grace is over', 'INV-30', {
    session: session.provide({ delays: { grace: ({ context }) => (context.notice?.graceMs ?? 0) / 2 } }),
  }),
  mutant('wait for ever for a close', 'INV-79', {
    session: mutate(session, (chart) => {
      delete chart['states'].closing.after;
    }),
  }),
  mutant('take a peer at its word and end', 'INV-36', {
    session: mutate(session, (chart) => {
      for (const transition of chart['on']['peer.goaway']) transition.target = '.closed';
    }),
  }),
  mutant('close whoever says that it goes, asked for or not', 'INV-36', {
    session: session.provide({ guards: { endsWithPeer: () => true } }),
  }),
  mutant('close twice', 'INV-3', {
    session: session.provide({
      actions: {
        closeConnection: ({ context: { connection, reason }, self }) => {
          connection.close(reason, () => {});
          connection.close(reason, (event) => self.send(event));
        },
      },
    }),
  }),
];

const supervisorMutants: readonly Mutant[] = [
  mutant('forget the straggler', 'INV-26', {
    supervisor: supervisor.provide({
      actions: {
        addSession: ({ context, event, self }) => {
          assertEvent(event, 'open');
          addSession({ ...context, goaway: undefined }, event, self);
        },
      },
    }),
  }),
  mutant('give the slot back twice', 'INV-15', {
    supervisor: supervisor.provide({
      actions: {
        settle: ({ context, event, self }) => {
          assertEvent(event, ['xstate.done.actor.*', 'xstate.error.actor.*']);
          settle(context, event, self);
          if (event.actorId.startsWith('session:')) context.admission.give(undefined);
        },
      },
    }),
  }),
  mutant('never give the slot back', 'INV-15', {
    supervisor: supervisor.provide({
      actions: {
        settle: ({ context, event, self }) => {
          assertEvent(event, ['xstate.done.actor.*', 'xstate.error.actor.*']);
          if (event.actorId.startsWith('session:')) context.admission.take(undefined);
          settle(context, event, self);
        },
      },
    }),
  }),
  mutant('admit while draining', 'INV-19', {
    supervisor: supervisor.provide({ actions: { stopAdmitting: () => {} } }),
  }),
  mutant('forget a changed dependency', 'dependency', {
    supervisor: supervisor.provide({
      actions: {
        enterHealth: ({ context, event }) => {
          if (event.type === 'health.changed') enterHealth(context, event);
        },
      },
    }),
  }),
  mutant('wait out the grace when all have left', 'INV-29', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.orderly.states.grace.always;
    }),
  }),
  mutant('stop without waiting for anybody', 'INV-79', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.join.always.guard;
    }),
  }),
  mutant('stop without waiting for monitors', 'INV-79', {
    supervisor: mutate(supervisor, (chart) => {
      chart['states'].draining.states.join.always.guard = 'hasNoClientLeft';
    }),
  }),
  mutant('let a monitor begin again that was told to end', 'INV-48', {
    supervisor: supervisor.provide({
      actions: {
        stopMonitor: ({ context, event }) => {
          assertEvent(event, 'unwatch');
          context.actors.monitors.childOf(event.actorId)?.actor.send({ type: 'stop' });
        },
      },
    }),
  }),
  mutant('keep what a crashed monitor was told to itself', 'INV-72', {
    supervisor: supervisor.provide({ actions: { amendMonitor: () => {} } }),
  }),
  mutant('tell all to go at once who should go by and by', 'spread', {
    supervisor: supervisor.provide({ delays: { nextTurn: 0 } }),
  }),
  mutant('tell a session to go at another time than its client', 'spread', {
    supervisor: supervisor.provide({
      actions: {
        planDismissal: ({ context: { dismissal, actors, runtime } }) => {
          const sessions = Array.from(actors.sessions, ({ actor }) => ({ session: actor, notifiers: [] }));
          const notifiers = Array.from(actors.notifiers, ({ actor }) => ({ notifiers: [actor] }));
          dismissal.begin([...sessions, ...notifiers], runtime.clock.now(), 100);
        },
      },
    }),
  }),
  mutant('forget those whose turn to go has not come', 'INV-26', {
    supervisor: supervisor.provide({ guards: { isEverybodyTold: () => true } }),
  }),
  mutant('leave the monitors running', 'INV-28', {
    supervisor: supervisor.provide({ actions: { stopMonitors: () => {} } }),
  }),
  mutant('miscount the stragglers', 'INV-25', {
    supervisor: supervisor.provide({ actions: { countStraggler: () => {} } }),
  }),
  mutant('never force', 'INV-28', { supervisor: supervisor.provide({ actions: { closeClients: () => {} } }) }),
  mutant('ignore the deadline', 'INV-28', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.orderly.after;
    }),
  }),
  mutant('leave the notice out', 'INV-8', {
    supervisor: supervisor.provide({ actions: { announceWithdrawal: () => {} } }),
  }),
  mutant('forget what a monitor said', 'INV-72', {
    supervisor: supervisor.provide({ actions: { enterHealth: () => {} } }),
  }),
  mutant('give a late client all the time it wants', 'INV-28', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.join.on;
    }),
  }),
];

/** Defects that this framework could have, and some that the systems before it had. */
export const mutants: readonly Mutant[] = [
  ...monitorMutants,
  ...notifierMutants,
  ...sessionMutants,
  ...supervisorMutants,
];
