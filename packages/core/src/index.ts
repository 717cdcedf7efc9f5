export type { Clock } from './clock.ts';
export {
  DuplicateIdError,
  InvalidOptionError,
  NotAdmittingError,
  ReservationSpentError,
  WatchkeeperError,
} from './errors.ts';
export { defineProbe, type Probe } from './probe.ts';
export {
  callable,
  count,
  durationMs,
  flag,
  objectWith,
  oneOf,
  optional,
  positiveCount,
  positiveMs,
  type Rule,
  type Rules,
  ratio,
  resolveOptions,
  text,
  wholeNumber,
} from './rules.ts';
export { isVerdict, type Verdict, type VerdictStatus } from './verdict.ts';
