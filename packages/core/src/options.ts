export { needRule } from './aggregate/composition.ts';
export { InvalidOptionError } from './errors.ts';
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
