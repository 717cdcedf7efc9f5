import { assertEvent, assign } from 'xstate';
import { withEnded } from '../../src/drain/drainTally.ts';
import type { ActorKind } from '../../src/events/events.ts';
import { addNotifier, addSession } from '../../src/supervisor/addChildren.ts';
import { closeClients } from '../../src/supervisor/drainClients.ts';
import { childEnded } from '../../src/supervisor/endChildren.ts';
import { propagateHealth } from '../../src/supervisor/propagateHealth.ts';
import { supervisorMachine as supervisor } from '../../src/supervisor/supervisorMachine.ts';
import { type Mutant, mutant } from './mutant.ts';
import { mutate } from './mutate.ts';

/** Supervisors with a defect. */
export const supervisorMutants: readonly Mutant[] = [
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
  mutant('hand over the next before the last was taken', 'INV-9', {
    supervisor: supervisor.provide({
      actions: {
        addNotifier: ({ context, event, self }) => {
          assertEvent(event, 'notify');
          const deliver = event.deliver as (...given: unknown[]) => void | Promise<void>;
          const hasty = (given: unknown, signal: AbortSignal) =>
            void Promise.resolve(deliver(given, signal)).catch(() => {});
          addNotifier(context, { ...event, deliver: hasty }, self);
        },
      },
    }),
  }),
  mutant('give the slot back twice', 'INV-15', {
    supervisor: supervisor.provide({
      actions: {
        childEnded: ({ context, event, self }) => {
          assertEvent(event, ['xstate.done.actor.*', 'xstate.error.actor.*']);
          childEnded(context, event, self);
          if (event.actorId.startsWith('session:'))
            context.admission.give({ peer: undefined, topics: [], age: undefined });
        },
      },
    }),
  }),
  mutant('never give the slot back', 'INV-15', {
    supervisor: supervisor.provide({
      actions: {
        childEnded: ({ context, event, self }) => {
          assertEvent(event, ['xstate.done.actor.*', 'xstate.error.actor.*']);
          if (event.actorId.startsWith('session:'))
            context.admission.take({ peer: undefined, topics: [], age: undefined });
          childEnded(context, event, self);
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
        propagateHealth: ({ context, event }) => {
          if (event.type === 'health.changed') propagateHealth(context, event);
        },
      },
    }),
  }),
  mutant('wait out the grace when all have left', 'INV-29', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.orderly.states.grace.always;
    }),
  }),
  mutant('stop without waiting for anybody', 'INV-39', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.join.always.guard;
    }),
  }),
  mutant('stop without waiting for monitors', 'INV-39', {
    supervisor: mutate(supervisor, (chart) => {
      chart['states'].draining.states.join.always.guard = 'isNobodyWaitedFor';
    }),
  }),
  mutant('let a monitor begin again that was told to end', 'INV-48', {
    supervisor: supervisor.provide({
      actions: {
        stopMonitor: ({ context, event }) => {
          assertEvent(event, 'unwatch');
          context.children.monitors.childOf(event.actorId)?.actor.send({ type: 'stop' });
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
        scheduleGoaways: ({ context: { goawaySchedule, children, runtime } }) => {
          const sessions = Array.from(children.sessions, ({ actor }) => ({ session: actor, notifiers: [] }));
          const notifiers = Array.from(children.notifiers, ({ actor }) => ({ notifiers: [actor] }));
          goawaySchedule.begin([...sessions, ...notifiers], runtime.clock.now(), 100);
        },
      },
    }),
  }),
  mutant('forget those whose turn to go has not come', 'INV-26', {
    supervisor: supervisor.provide({ guards: { isEveryGoawaySent: () => true } }),
  }),
  mutant('leave the monitors running', 'INV-39', {
    supervisor: supervisor.provide({ actions: { stopMonitors: () => {} } }),
  }),
  mutant('miscount the stragglers', 'INV-25', {
    supervisor: supervisor.provide({ actions: { countStraggler: () => {} } }),
  }),
  mutant('never force', 'INV-39', {
    supervisor: supervisor.provide({ actions: { closeClients: () => {}, abandonClients: () => {} } }),
  }),
  mutant('ignore the deadline', 'INV-28', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.orderly.after;
    }),
  }),
  mutant('leave the notice out', 'INV-8', {
    supervisor: supervisor.provide({ actions: { announceWithdrawal: () => {} } }),
  }),
  mutant('forget what a monitor said', 'INV-72', {
    supervisor: supervisor.provide({ actions: { propagateHealth: () => {} } }),
  }),
  mutant('wait for whoever comes after force', 'INV-28', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['states'].draining.states.join.after;
    }),
  }),
  mutant('leave a client that was told out of the report', 'INV-26', {
    supervisor: supervisor.provide({
      actions: {
        countEnd: assign(({ context, event }) => {
          assertEvent(event, 'actor.ended');
          context.children.uncounted[event.kind] -= 1;
          const tally = event.kind === 'notifier' ? context.tally : withEnded(context.tally, event);
          const less = (kind: ActorKind) => (event.kind === kind ? 1 : 0);
          return {
            monitors: context.monitors - less('monitor'),
            sessions: context.sessions - less('session'),
            notifiers: context.notifiers - less('notifier'),
            tally,
          };
        }),
      },
    }),
  }),
  mutant('count clients as ended that are not', 'INV-28', {
    supervisor: supervisor.provide({
      actions: {
        closeClients: ({ context, self }) => {
          const { notifiers, uncounted } = context.children;
          for (const child of [...notifiers]) {
            notifiers.forget(child);
            uncounted.notifier += 1;
            self.send({ type: 'actor.ended', kind: 'notifier', id: child.id, reason: 'forced', told: false });
          }
          closeClients(context);
        },
      },
    }),
  }),
  mutant('go on as if nothing had failed', 'failure', {
    supervisor: mutate(supervisor, (chart) => {
      delete chart['on']['clock.failed'];
    }),
  }),
];
