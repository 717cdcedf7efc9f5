import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';

const {
  CycleError,
  DuplicateIdError,
  InvalidOptionError,
  InvalidVerdictError,
  NotAdmittingError,
  NotParentError,
  ReentrantCallError,
  ReservationSpentError,
  ResourceClosedError,
  ServiceEndedError,
  ServiceStopError,
  UndecidedError,
  UnheededSignalError,
  UnknownIdError,
  UnrecoverableError,
  UnsupportedFeatureError,
  WatchkeeperError,
} = core;

const every = [
  new CycleError('composite.of', ['api', 'api']),
  new DuplicateIdError('api'),
  new InvalidOptionError('monitor.intervalMs', 'a positive number of milliseconds', -1),
  new InvalidVerdictError('verdict.latencyMs', 'a number', 5n),
  new NotAdmittingError('a monitor', 'draining'),
  new NotParentError('api'),
  new ReentrantCallError(),
  new ReservationSpentError('opened'),
  new ResourceClosedError(),
  new ServiceEndedError('web', 'failed', 'wrong password'),
  new ServiceStopError('drain'),
  new UndecidedError('Too few samples'),
  new UnheededSignalError(),
  new UnknownIdError('composite.of', 'api'),
  new UnrecoverableError('wrong password'),
  new UnsupportedFeatureError("the guard 'ready'", 'door.closed'),
];

describe('errors', () => {
  it('keeps the list of classes and codes that callers branch on', () => {
    const classes = Object.values<unknown>(core)
      .filter((value) => typeof value === 'function')
      .filter((value) => value.prototype instanceof Error);
    expect(classes.map((made) => made.name).sort()).toEqual([
      'CycleError',
      'DuplicateIdError',
      'InvalidOptionError',
      'InvalidVerdictError',
      'NotAdmittingError',
      'NotParentError',
      'ReentrantCallError',
      'ReservationSpentError',
      'ResourceClosedError',
      'ServiceEndedError',
      'ServiceStopError',
      'UndecidedError',
      'UnheededSignalError',
      'UnknownIdError',
      'UnrecoverableError',
      'UnsupportedFeatureError',
      'WatchkeeperError',
    ]);
    expect(every.map(({ name, code }) => [name, code])).toEqual([
      ['CycleError', 'CYCLE'],
      ['DuplicateIdError', 'DUPLICATE_ID'],
      ['InvalidOptionError', 'INVALID_OPTION'],
      ['InvalidVerdictError', 'INVALID_VERDICT'],
      ['NotAdmittingError', 'NOT_ADMITTING'],
      ['NotParentError', 'NOT_PARENT'],
      ['ReentrantCallError', 'REENTRANT_CALL'],
      ['ReservationSpentError', 'RESERVATION_SPENT'],
      ['ResourceClosedError', 'RESOURCE_CLOSED'],
      ['ServiceEndedError', 'SERVICE_ENDED'],
      ['ServiceStopError', 'SERVICE_STOP'],
      ['UndecidedError', 'UNDECIDED'],
      ['UnheededSignalError', 'UNHEEDED_SIGNAL'],
      ['UnknownIdError', 'UNKNOWN_ID'],
      ['UnrecoverableError', 'UNRECOVERABLE'],
      ['UnsupportedFeatureError', 'UNSUPPORTED_FEATURE'],
    ]);
    for (const error of every) expect(error).toBeInstanceOf(WatchkeeperError);
  });

  it.each([
    [-1, '-1'],
    ['soon', '"soon"'],
    [Number.NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [3n, '3n'],
    [[1, 2], 'an array of 2'],
    [{ ms: 1 }, 'an object'],
    ['x'.repeat(100), `"${'x'.repeat(60)}…"`],
  ])('names option, rule and the received %o', (received, shown) => {
    const error = new InvalidOptionError('monitor.intervalMs', 'a positive number of milliseconds', received);
    expect(error.message).toBe(`Expected \`monitor.intervalMs\` to be a positive number of milliseconds, got ${shown}`);
    expect(error).toMatchObject({ option: 'monitor.intervalMs', rule: 'a positive number of milliseconds', received });
  });
});
