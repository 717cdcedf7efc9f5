import { requireOption, text } from '../rules.ts';

/** Something that must always hold, and did not. Plain and serialisable. */
export type LawViolation = {
  /** What must hold, in the same words each time. */
  readonly law: string;
  /** What was seen instead. */
  readonly found: string;
};

/** @throws {@link InvalidOptionError} naming the first part of `violation` that breaks its rule. */
export function requireViolation({ law, found }: LawViolation): void {
  requireOption('violation.law', text, law);
  requireOption('violation.found', text, found);
}
