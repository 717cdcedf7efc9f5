import { optional, resolveOptions, text } from '../rules.ts';

/** A client that was turned away before it could ask for a slot. Plain and serialisable. */
export type ClientRefusal = {
  /** Who turned it away: the adapter. */
  readonly by: string;
  /** Why, in a word of the adapter's own, the same for all of a kind: `origin`. */
  readonly reason: string;
  /** Who it was, as {@link Supervisor.reserve} would have been told. */
  readonly peer?: string;
};

/** @throws {@link InvalidOptionError} naming the first part of `refusal` that breaks its rule. */
export function requireRefusal(refusal: ClientRefusal): void {
  resolveOptions<object>('refusal', rules, {}, refusal === undefined ? {} : refusal);
}

const rules = { by: text, reason: text, peer: optional(text) };
