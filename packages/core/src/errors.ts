import { codeOf, describe } from './foreignText.ts';
import { nearestName } from './nearestName.ts';

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

  /** Returns the error of an option that there is not, with the name that was likely meant. */
  static unknown(owner: string, name: string, known: readonly string[], received: unknown): InvalidOptionError {
    const near = nearestName(name, known);
    const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
    const error = new InvalidOptionError(`${owner}.${name}`, `left out: it is an unknown option${hint}`, received);
    error.message = `Unknown option \`${owner}.${name.slice(0, longestNameShown)}\`${hint}`;
    return error;
  }
}

const longestNameShown = 100;

/** A second monitor was given an id that is taken. Choose another id, or stop the first. */
export class DuplicateIdError extends WatchkeeperError {
  readonly code = 'DUPLICATE_ID';
  readonly id: string;

  constructor(id: string) {
    super(`A monitor with the id ${describe(id)} is already running`);
    this.id = id;
  }
}

/** A monitor was to rest on one that does not exist. Make that one first, or correct the id. */
export class UnknownIdError extends WatchkeeperError {
  readonly code = 'UNKNOWN_ID';
  /** The option that names it: `composite.of`. */
  readonly option: string;
  readonly id: string;

  constructor(option: string, id: string) {
    super(`\`${option}\` names ${describe(id)}, and no such monitor is running`);
    this.option = option;
    this.id = id;
  }
}

/** A monitor was to rest on itself, directly or through others. Break the circle. */
export class CycleError extends WatchkeeperError {
  readonly code = 'CYCLE';
  /** The way round, from the id that was refused back to it. */
  readonly path: readonly string[];

  constructor(option: string, path: readonly string[]) {
    super(`\`${option}\` closes a circle: ${path.map(describe).join(' rests on ')}`);
    this.path = path;
  }
}

/**
 * What a probe throws that could ask and still cannot tell: its check is discarded, judged neither way.
 *
 * @example
 * ```ts
 * import { defineProbe, UndecidedError } from '@watchkeeper/core';
 *
 * let samples = 0;
 * export const errorRate = defineProbe('error rate', async () => {
 *   samples += 1;
 *   if (samples < 20) throw new UndecidedError('too few samples');
 *   return { status: 'pass' };
 * });
 * ```
 */
export class UndecidedError extends WatchkeeperError {
  readonly code = 'UNDECIDED';
}

/** Whether `cause` is an {@link UndecidedError}: told by its code, so that one of a second copy of core counts too. */
export const isUndecided = (cause: unknown): boolean => codeOf(cause) === 'UNDECIDED';

/** A probe answered with something that is no verdict, so its check broke. Mend the probe. */
export class InvalidVerdictError extends WatchkeeperError {
  readonly code = 'INVALID_VERDICT';
  /** What of the answer is wrong: `verdict`, or a field of it, such as `verdict.latencyMs`. */
  readonly field: string;
  /** What was wanted. */
  readonly rule: string;
  /** What was returned, in words: the value itself may be anything, and not fit to be kept. */
  readonly received: string;

  constructor(field: string, rule: string, received: unknown) {
    const words = describe(received);
    const whose = field === 'verdict' ? '' : `a verdict whose ${field.slice('verdict.'.length)} is `;
    super(`The probe returned ${whose}${words}; wanted ${rule}`);
    this.field = field;
    this.rule = rule;
    this.received = words;
  }
}

/** A run of a probe has gone on although its signal aborted, so its target is not asked. Let the probe heed its signal. */
export class UnheededSignalError extends WatchkeeperError {
  readonly code = 'UNHEEDED_SIGNAL';

  constructor() {
    super('the probe does not heed its signal');
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

/**
 * Why a run of a service was told to stop: the reason of its signals. A run that rejects with it has ended as it should.
 */
export class ServiceStopError extends WatchkeeperError {
  readonly code = 'SERVICE_STOP';
  readonly reason: 'drain' | 'stop' | 'restart' | 'sibling' | 'unhealthy' | 'start timeout' | 'escalation' | 'shutdown';

  constructor(reason: ServiceStopError['reason']) {
    super(`The service was told to stop: ${reason}`);
    this.reason = reason;
  }
}

/**
 * What a run of a service rejects with when no other run would fare better, as after a wrong password: it is not restarted,
 * whatever its restart type.
 *
 * @example
 * ```ts
 * import { createSupervisor, UnrecoverableError } from '@watchkeeper/core';
 *
 * const keeper = createSupervisor();
 * keeper.service('jobs', async ({ signal }) => {
 *   const answer = await fetch('http://127.0.0.1:8080/jobs', { signal });
 *   if (answer.status === 401) throw new UnrecoverableError('the broker refuses our password');
 * });
 * ```
 */
export class UnrecoverableError extends WatchkeeperError {
  readonly code = 'UNRECOVERABLE';
}

/** Whether `cause` is an {@link UnrecoverableError}: told by its code, so that one of a second copy of core counts too. */
export const isUnrecoverable = (cause: unknown): boolean => codeOf(cause) === 'UNRECOVERABLE';

/** A service ended before it was ever ready. Look at its status for the reason. */
export class ServiceEndedError extends WatchkeeperError {
  readonly code = 'SERVICE_ENDED';
  readonly id: string;

  constructor(id: string, reason: 'done' | 'stopped' | 'failed', detail: string | undefined) {
    super(
      `The service ${describe(id)} ended before it was ready: ${reason}${detail === undefined ? '' : `, ${detail}`}`,
    );
    this.id = id;
  }
}

/** A resource was asked for while it is not open. Let the service that uses it depend on the one that opens it. */
export class ResourceClosedError extends WatchkeeperError {
  readonly code = 'RESOURCE_CLOSED';

  constructor() {
    super('The resource is not open: let the service that uses it depend on the one that opens it');
  }
}
