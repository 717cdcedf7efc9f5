import { assign, fromPromise } from 'xstate';
import type { Verdict } from '../../src/model/verdict.ts';
import { monitorMachine as monitor } from '../../src/monitor/monitorMachine.ts';
import type { RunInput } from '../../src/monitor/runProbe.ts';
import { type NotifierContext, notifierMachine as notifier } from '../../src/notifier/notifierMachine.ts';
import { sessionMachine as session } from '../../src/session/sessionMachine.ts';
import { type Mutant, mutant } from './mutant.ts';
import { mutate } from './mutate.ts';
import { supervisorMutants } from './supervisorMutants.ts';

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
        runProbe: fromPromise<Verdict, RunInput>(async ({ input, signal }) => {
          const [verdict] = await Promise.all([input.probe(signal), input.probe(signal)]);
          return verdict;
        }),
      },
    }),
  }),
  mutant('ask again while a run that was given up lasts', 'INV-46', {
    monitor: monitor.provide({ guards: { isFormerRunUnderWay: () => false } }),
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
      chart['states'].watching.states.alert.states.restoring.always.shift();
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
  mutant('read on after the goaway', 'INV-5', {
    notifier: mutate(notifier, (chart) => {
      const { reading } = chart['states'];
      reading.on.goaway[0].actions = ['keepGoaway'];
      reading.on['delivery.done'].shift();
    }),
  }),
  mutant('stay after the goaway', 'INV-4', {
    notifier: mutate(notifier, (chart) => {
      chart['states'].parting.on['delivery.done'] = {
        target: 'reading',
        actions: ['noteTold', assign({ goaway: undefined })],
      };
    }),
  }),
  mutant('skip a notice whenever its client takes its time', 'INV-8', {
    notifier: mutate(notifier, (chart) => {
      const skip = ({ context }: { context: NotifierContext }) => void context.delivery.next();
      chart['states'].reading.states.ready.on['delivery.awaited'] = { target: 'awaiting', actions: skip };
    }),
  }),
  mutant('drop in silence', 'INV-77', { notifier: notifier.provide({ actions: { reportUndelivered: () => {} } }) }),
  mutant('coalesce in silence', 'INV-77', { notifier: notifier.provide({ actions: { reportCoalesced: () => {} } }) }),
  mutant('wait for ever for a slow client', 'INV-21', {
    notifier: mutate(notifier, (chart) => {
      delete chart['states'].reading.states.stalled.after;
    }),
  }),
  mutant('begin without the present state', 'INV-8', {
    notifier: notifier.provide({
      actions: {
        startReading: ({ context: { delivery } }) => {
          delivery.start();
          while (delivery.next() !== undefined);
        },
      },
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

/** Defects that this framework could have, and some that the systems before it had. */
export const mutants: readonly Mutant[] = [
  ...monitorMutants,
  ...notifierMutants,
  ...sessionMutants,
  ...supervisorMutants,
];
