import type { SupervisorEvent } from '@watchkeeper/core';
import { eventSource, requireOption } from '@watchkeeper/core/options';
import { type EventType, type Law, type LawfulSupervisor, lawsRule } from './law.ts';
import { type FoundViolation, type LawOptions, resolveLawOptions } from './lawOptions.ts';
import { Waits } from './waits.ts';
import { WatchedLaw } from './watchedLaw.ts';

/** Laws of one supervisor, while they are watched. */
export interface LawWatch extends Disposable {
  /** How often each law did not hold, by its name; every law is there. All must read 0. */
  readonly violations: Readonly<Record<string, number>>;
  /** Violations that became no event because there were too many, or because the supervisor had ended. */
  readonly unpublished: number;
  /** Keys that laws forgot for lack of room: what they missed, nobody knows. */
  readonly forgotten: number;
  /** Stops watching. What was counted stays readable. */
  close(): void;
}

/**
 * Watches that laws hold over the events of a supervisor, from now on until it ends or {@link LawWatch.close} is called.
 * A violation is the event `law.violated`, adds to `keeper.stats().lost.lawsViolated`, and is counted by law.
 *
 * It looks and changes nothing. An event that no law reads costs one look-up.
 *
 * @param laws `supervisionLaws()`, laws made by `never`, `within` and `alternating`, or objects of your own.
 * @throws `InvalidOptionError` when `laws` are none, and for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { createMetrics, never, supervisionLaws, watchLaws } from '@watchkeeper/telemetry';
 *
 * const keeper = createSupervisor({ name: 'orders' });
 * const laws = watchLaws(keeper, [
 *   ...supervisionLaws(),
 *   never({ name: 'no check breaks once the program is up', after: 'supervisor.started', event: 'check.failed' }),
 * ]);
 * createMetrics(keeper, { laws }); // watchkeeper_law_violations_total{law="…"} 0
 * ```
 */
export function watchLaws(supervisor: LawfulSupervisor, laws: readonly Law[], given?: LawOptions): LawWatch {
  requireOption('laws.supervisor', eventSource<LawfulSupervisor>(), supervisor);
  requireOption('laws', lawsRule, laws);
  const { slackMs, stallToleranceMs, maxKeys, maxEventsPerSecond, onViolation, clock } = resolveLawOptions(given);
  const counts: Record<string, number> = Object.fromEntries(laws.map(({ name }) => [name, 0]));
  const published = new Map<string, { second: number; count: number }>();
  let unpublished = 0;
  let isOver = false;

  const publish = (violation: FoundViolation): void => {
    const second = Math.floor(clock.now() / 1_000);
    const before = published.get(violation.law);
    const count = before?.second === second ? before.count : 0;
    if (isOver || count >= maxEventsPerSecond) {
      unpublished += 1;
      return;
    }
    published.set(violation.law, { second, count: count + 1 });
    supervisor.noteViolation(violation);
  };
  const report = (law: string, found: string): void => {
    counts[law] = (counts[law] ?? 0) + 1;
    const violation = { law, found: found === '' ? 'nothing more is known' : found };
    publish(violation);
    try {
      onViolation(violation);
    } catch {
      // What it does with a violation is its own affair, and no violation of a law.
    }
  };

  const waits = new Waits(clock, stallToleranceMs);
  const { notifiers, sessions } = supervisor.stats();
  const isFromStart = notifiers.open + sessions.open === 0;
  const input = { supervisor, isFromStart, waits, slackMs, maxKeys, report };
  const watched = laws.map((law) => ({ law, watch: new WatchedLaw(law, input) }));
  const readers = new Map<EventType, ((event: SupervisorEvent) => void)[]>();
  for (const { law, watch } of watched) {
    for (const type of new Set(law.reads)) readers.set(type, [...(readers.get(type) ?? []), watch.read]);
  }
  // Checks that passed are most of all events: they are not even made where nobody reads them.
  const events$ = readers.has('verdict.judged') ? supervisor.events$ : supervisor.notable$;
  const subscription = events$.subscribe({
    next(event) {
      const reading = readers.get(event.type);
      if (reading !== undefined) for (const read of reading) read(event);
    },
    complete: () => close(),
  });
  const close = () => {
    isOver = true;
    subscription?.unsubscribe();
    waits.close();
  };
  return {
    get violations() {
      return { ...counts };
    },
    get unpublished() {
      return unpublished;
    },
    get forgotten() {
      return watched.reduce((sum, { watch }) => sum + watch.forgotten, 0);
    },
    close,
    [Symbol.dispose]: close,
  };
}
