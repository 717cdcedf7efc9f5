export { needRule } from './aggregate/composition.ts';
export { InvalidOptionError } from './errors.ts';
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
  positiveNumber,
  type Rule,
  type Rules,
  ratio,
  resolveOptions,
  text,
  texts,
  wholeNumber,
} from './rules.ts';
