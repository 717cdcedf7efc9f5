import {
  callable,
  InvalidOptionError,
  type KeeperEvent,
  objectWith,
  positiveCount,
  type Rules,
  resolveOptions,
  type Supervisor,
} from '@watchkeeper/core';
import { type LogLevel, levelOf } from './logLevel.ts';

/** A logger as pino is one, and as anything else may be: first the fields, then the message. */
export interface Logger {
  error(fields: object, msg: string): void;
  warn(fields: object, msg: string): void;
  info(fields: object, msg: string): void;
  debug(fields: object, msg: string): void;
}

/** What is logged. Every option may be left out. */
export interface LogOptions {
  /**
   * The level of an event; `silent` is not logged. Must not throw.
   * @default what calls for a person is an error or a warning, what happens all the time is for debugging
   */
  readonly levelOf?: (event: KeeperEvent) => LogLevel;
  /**
   * How many lines are written at most within a second of the supervisor's clock. Those that were left out are counted,
   * and the next line is a warning that says how many.
   * @default 100
   */
  readonly maxPerSecond?: number;
}

/** What is logged when nothing is said. */
export const logDefaults = { levelOf, maxPerSecond: 100 } as const satisfies Required<LogOptions>;

const logRules: Rules<LogOptions> = {
  levelOf: callable<(event: KeeperEvent) => LogLevel>(),
  maxPerSecond: positiveCount,
};

const loggerRule = objectWith<Logger>('error', 'warn', 'info', 'debug');

/** A log that is being written. */
export interface EventLog extends Disposable {
  /** Lines left out because there were too many. */
  readonly dropped: number;
  /** Lines the logger threw at. */
  readonly failed: number;
  /** Writes no more. */
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
export function logEvents(keeper: Pick<Supervisor, 'name' | 'events$'>, logger: Logger, given?: LogOptions): EventLog {
  if (!loggerRule.accepts(logger)) throw new InvalidOptionError('logger', loggerRule.is, logger);
  const options = resolveOptions<Required<LogOptions>>('log', logRules, logDefaults, given);
  const log = new Log(keeper.name, logger, options);
  const subscription = keeper.events$.subscribe((event) => log.note(event));
  const close = () => subscription.unsubscribe();
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

class Log {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #options: Required<LogOptions>;
  #second = 0;
  #written = 0;
  #untold = 0;
  dropped = 0;
  failed = 0;

  constructor(name: string, logger: Logger, options: Required<LogOptions>) {
    this.#name = name;
    this.#logger = logger;
    this.#options = options;
  }

  note(event: KeeperEvent): void {
    const level = this.#options.levelOf(event);
    if (level === 'silent') return;
    if (!this.#hasRoom(event.at)) {
      this.dropped += 1;
      this.#untold += 1;
      return;
    }
    const { type, ...fields } = event;
    const { cause, ...rest } = { cause: undefined, ...fields };
    this.#write(level, { keeper: this.#name, ...rest, ...(cause === undefined ? {} : { err: cause }) }, type);
  }

  #hasRoom(at: number): boolean {
    const second = Math.floor(at / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#written = 0;
      const dropped = this.#untold;
      this.#untold = 0;
      if (dropped > 0) this.#write('warn', { keeper: this.#name, at, dropped }, 'log.dropped');
    }
    this.#written += 1;
    return this.#written <= this.#options.maxPerSecond;
  }

  #write(level: Exclude<LogLevel, 'silent'>, fields: object, msg: string): void {
    try {
      this.#logger[level](fields, msg);
    } catch {
      // A log that fails must not harm what it tells of.
      this.failed += 1;
    }
  }
}
