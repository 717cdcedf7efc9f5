export { needRule } from './aggregate/composition.ts';
export { suspectOptions } from './drain/suspectOptions.ts';
export { InvalidOptionError } from './errors.ts';
export type { SuspectOption } from './events/startEvents.ts';
export {
  callable,
  count,
  durationMs,
  eventSource,
  flag,
  objectWith,
  oneOf,
  optional,
  positiveCount,
  positiveMs,
  positiveNumber,
  type Rule,
  type Rules,
  ratio,
  requireOption,
  resolveOptions,
  text,
  texts,
  wholeNumber,
} from './rules.ts';
