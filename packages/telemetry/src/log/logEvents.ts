import type { Supervisor } from '@watchkeeper/core';
import { eventSource, requireOption } from '@watchkeeper/core/options';
import { EventWriter } from './eventWriter.ts';
import { type Logger, loggerRule } from './logger.ts';
import { type LogOptions, resolveLogOptions } from './logOptions.ts';

/** The log of a supervisor's events. */
export interface EventLog extends Disposable {
  /** Lines left out because there were too many. */
  readonly dropped: number;
  /** Events that were not written because the logger, or `levelOf`, threw. */
  readonly failed: number;
  /** Stops writing. */
  close(): void;
}

/**
 * Writes every event of a supervisor to a logger, the event's type as the message and its fields as fields. A `cause` is
 * called `err`, as loggers expect it.
 *
 * What is written may hold what probes and clients say: details, causes, keys and peers.
 *
 * @throws `InvalidOptionError` when `logger` is none, and for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { jsonLines, levelOf, logEvents } from '@watchkeeper/telemetry';
 *
 * const keeper = createSupervisor();
 * logEvents(keeper, jsonLines(), {
 *   levelOf: (event) => (event.type === 'admission.refused' ? 'silent' : levelOf(event)),
 * });
 * ```
 */
export function logEvents(
  supervisor: Pick<Supervisor, 'name' | 'events$'>,
  logger: Logger,
  given?: LogOptions,
): EventLog {
  requireOption('log.supervisor', eventSource<Supervisor>(), supervisor);
  requireOption('logger', loggerRule, logger);
  const log = new EventWriter(supervisor.name, logger, resolveLogOptions(given));
  const subscription = supervisor.events$.subscribe({ next: (event) => log.write(event), complete: () => log.close() });
  const close = () => {
    subscription.unsubscribe();
    log.close();
  };
  return {
    get dropped() {
      return log.dropped;
    },
    get failed() {
      return log.failed;
    },
    close,
    [Symbol.dispose]: close,
  };
}
