import { type NotifierContext, notifierMachine } from '../../../src/notifier/notifierMachine.ts';
import { notifierDefaults } from '../../../src/notifier/notifierOptions.ts';
import { type ChartExploration, limits } from '../chartExploration.ts';
import { outsideEvents } from '../events.ts';

const listener = { send: () => {} };
const goaway = (graceMs: number) => ({ type: 'goaway', reason: 'draining', graceMs, at: 0 });

/** How the chart of a notifier is explored. */
export function notifierChart(): ChartExploration {
  const events = [
    { type: 'notices.coalesced', count: 2 },
    { type: 'notices.dropped', count: 2 },
    { type: 'goaway', notice: goaway(100) },
    { type: 'close', reason: 'peer' },
    { type: 'delivery.awaited' },
    { type: 'delivery.done' },
    { type: 'delivery.failed', cause: 'gone' },
    ...outsideEvents(notifierMachine),
  ];
  // A notice may be in flight without its notifier having heard of it, and a client may come when all are told to go.
  const ports = [undefined, { type: 'health', topic: 'a', health: 'healthy', seq: 1, at: 0 }].map((inFlight) => ({
    inFlight,
    stop: () => ({ dropped: 0, coalesced: 0 }),
  }));
  const remembers = ({ goaway, reason }: NotifierContext) => [goaway !== undefined, reason];
  const explorations = ports.flatMap((delivery) =>
    [undefined, goaway(100)].map((late) => ({
      input: { id: 'a', listener, delivery, options: notifierDefaults, goaway: late },
      ...limits,
      events,
      remembers,
    })),
  );
  return { machine: notifierMachine, explorations };
}
