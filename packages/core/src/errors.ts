/**
 * The base of every error Watchkeeper throws on purpose.
 *
 * One subclass stands for one decision a caller can make; `code` is its literal, stable name.
 */
export abstract class WatchkeeperError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** An option was refused: its value breaks the rule that stands in the message. Correct the call. */
export class InvalidOptionError extends WatchkeeperError {
  readonly code = 'INVALID_OPTION';
  /** The option as the caller wrote it, with its path: `monitor.intervalMs`. */
  readonly option: string;
  /** What the value must be. */
  readonly rule: string;
  /** The value that was received. */
  readonly received: unknown;

  constructor(option: string, rule: string, received: unknown, cause?: unknown) {
    super(
      `Expected \`${option}\` to be ${rule}, got ${describe(received)}`,
      cause === undefined ? undefined : { cause },
    );
    this.option = option;
    this.rule = rule;
    this.received = received;
  }
}

/** A second monitor was given an id that is taken. Choose another id, or stop the first. */
export class DuplicateIdError extends WatchkeeperError {
  readonly code = 'DUPLICATE_ID';
  readonly id: string;

  constructor(id: string) {
    super(`A monitor with the id ${describe(id)} is already running`);
    this.id = id;
  }
}

/** The supervisor no longer takes work: it is draining or has stopped. Give up, or go elsewhere. */
export class NotAdmittingError extends WatchkeeperError {
  readonly code = 'NOT_ADMITTING';
  readonly phase: 'draining' | 'stopped';

  constructor(what: string, phase: 'draining' | 'stopped') {
    super(`Cannot add ${what}: the supervisor ${phase === 'draining' ? 'is draining' : 'has stopped'}`);
    this.phase = phase;
  }
}

/** A reservation was opened although it had been opened or released before. One slot, one session. */
export class ReservationSpentError extends WatchkeeperError {
  readonly code = 'RESERVATION_SPENT';

  constructor(how: 'opened' | 'released') {
    super(`This reservation was already ${how}; reserve another slot`);
  }
}

/** An actor was to be stopped by somebody other than its parent. Send an event to the parent instead. */
export class NotParentError extends WatchkeeperError {
  readonly code = 'NOT_PARENT';

  constructor(id: string) {
    super(`Only its parent can stop the actor ${describe(id)}`);
  }
}

/**
 * A supervisor was called from inside one of its own transitions, which only its `clock` and `random` can do.
 * Call it later, from a microtask.
 */
export class ReentrantCallError extends WatchkeeperError {
  readonly code = 'REENTRANT_CALL';

  constructor() {
    super('A supervisor cannot be called from inside its own transition; call it from a microtask');
  }
}

/** A value as it should stand in a message: quoted and shortened, with its type where that is not plain. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `a function${value.name ? ` (${value.name})` : ''}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
