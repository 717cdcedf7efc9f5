import type { Supervisor, SupervisorEvent } from '@watchkeeper/core';
import { callable, type Rule, text } from '@watchkeeper/core/options';

/** Type of an event of a supervisor. */
export type EventType = SupervisorEvent['type'];

/** An event of a supervisor, by its type. */
export type EventOf<TType extends EventType> = Extract<SupervisorEvent, { type: TType }>;

/** The supervisor whose events laws are about. */
export type LawfulSupervisor = Pick<
  Supervisor,
  'events$' | 'notable$' | 'noteViolation' | 'phase' | 'describe' | 'stats'
>;

/** What a law may do about an event that it reads. */
export interface LawScope {
  /** The supervisor, to look at. Only its figures and descriptions: a law changes nothing. */
  readonly supervisor: Pick<Supervisor, 'phase' | 'describe'>;
  /** Whether the supervisor had no clients when the watch began: what is not known of one was not there. */
  readonly isFromStart: boolean;
  /** Says that the law did not hold, and what was seen instead. */
  violated(found: string): void;
  /**
   * Waits for {@link LawScope.met} with the same key, and calls `overdue` where it is not called in time. A wait for a key
   * that is waited for begins anew. Where the program stood still, all waits begin anew.
   *
   * @param ms how long, in milliseconds, beside the watch's `slackMs`.
   */
  wait(key: string, ms: number, overdue: () => void): void;
  /** Ends the wait for a key, if there is one. */
  met(key: string): void;
  /** Remembers a key with a value; what was kept the longest ago is forgotten where there is too much. */
  keep(key: string, value: string): void;
  /** Returns what is remembered of a key. */
  kept(key: string): string | undefined;
  /** Forgets a key. */
  forget(key: string): void;
}

/** A claim about the events of a supervisor, over time. */
export interface Law {
  /** What must hold, in a sentence. Names the law in events and metrics. */
  readonly name: string;
  /** The types of the events that it reads: `read` is called with no others. */
  readonly reads: readonly EventType[];
  /** Reads one event. What it throws counts as a violation, and ends the law. */
  read(event: SupervisorEvent, scope: LawScope): void;
}

const typesRule: Rule<readonly EventType[]> = {
  is: 'an array of types of events, without law.violated',
  accepts: (value): value is readonly EventType[] =>
    Array.isArray(value) && value.length > 0 && value.every((type) => text.accepts(type) && type !== 'law.violated'),
};

/** What the laws of a watch must be. */
export const lawsRule: Rule<readonly Law[]> = {
  is: `an array of laws, each with another name, and with reads (${typesRule.is}) and read()`,
  accepts: (value): value is readonly Law[] =>
    Array.isArray(value) &&
    value.every((law) => text.accepts(law?.name) && typesRule.accepts(law.reads) && callable().accepts(law.read)) &&
    new Set(value.map(({ name }) => name)).size === value.length,
};
