import { optional, requireOption, text } from '../rules.ts';

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
export function requireRefusal({ by, reason, peer }: ClientRefusal): void {
  requireOption('refusal.by', text, by);
  requireOption('refusal.reason', text, reason);
  requireOption('refusal.peer', optional(text), peer);
}
