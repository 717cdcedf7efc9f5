import { constants } from 'node:os';
import { type Supervisor, systemClock } from '@watchkeeper/core';
import { objectWith, requireOption, suspectOptions } from '@watchkeeper/core/options';
import { createActor } from 'xstate';
import type { SignalEvent } from './signalEvents.ts';
import { type ResolvedSignalOptions, resolveSignalOptions, type SignalOptions } from './signalOptions.ts';
import { signalsMachine } from './signalsMachine.ts';

/** Handle of the signal listeners. */
export interface Signals extends Disposable {
  /** `listening` until the first signal. */
  readonly state: 'listening' | 'leaving' | 'ended' | 'removed';
  /** Removes the listeners. What a signal has begun goes on. */
  remove(): void;
}

/**
 * Drains the supervisor at SIGTERM or SIGINT, then ends the process: readiness fails first, clients get a goaway and time
 * to leave, and the rest is closed by force.
 *
 * Ends with 0 when all was drained, with 1 when the drain was cut short, failed or ran into the hard deadline, and with
 * 130 at a second SIGINT, at once. Any other repeated signal changes nothing: many a framework raises it again. Prints nothing: `report` is called with every event.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule, and when notice, grace, deadline and the
 * rest do not fit into `terminationGraceMs`: better now than at the first deploy.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { onSignals } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * onSignals(keeper, {
 *   drain: { noticeMs: 5_000, graceMs: 10_000, deadlineMs: 20_000 },
 *   report: (event) => console.log(event),
 * });
 * ```
 */
export function onSignals(keeper: Pick<Supervisor, 'drain'>, given?: SignalOptions): Signals {
  requireOption('onSignals.keeper', objectWith<Supervisor>('drain'), keeper);
  const options = resolveSignalOptions(given);
  const tell = (event: SignalEvent) => {
    try {
      options.report(event);
    } catch {
      // A log that fails is no reason to stay.
    }
  };
  tellSuspects(options, tell);
  const actor = createActor(signalsMachine, {
    clock: options.clock,
    input: { options, tell, drain: () => keeper.drain(options.drain), numberOf: (signal) => constants.signals[signal] },
  });
  const listener = (signal: NodeJS.Signals) => actor.send({ type: 'signal', signal });
  const stopListening = () => {
    for (const signal of options.signals) options.source.off(signal, listener);
  };
  for (const signal of options.signals) options.source.on(signal, listener);
  actor.subscribe({ complete: stopListening });
  actor.start();
  const remove = () => {
    if (actor.getSnapshot().matches('listening')) actor.send({ type: 'remove' });
    stopListening();
  };
  return {
    get state() {
      const { value } = actor.getSnapshot();
      return typeof value === 'object' ? 'leaving' : value;
    },
    remove,
    [Symbol.dispose]: remove,
  };
}

/** On another clock than the system's, small numbers are no mistake. */
function tellSuspects(options: ResolvedSignalOptions, tell: (event: SignalEvent) => void): void {
  if (options.clock !== systemClock()) return;
  const { terminationGraceMs, drain } = options;
  const suspects = [
    ...suspectOptions('onSignals', { terminationGraceMs }),
    ...suspectOptions('onSignals.drain', drain),
  ];
  for (const suspect of suspects) tell({ type: 'option.suspect', ...suspect });
}
