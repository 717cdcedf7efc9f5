import type { SupervisorEvent } from '@watchkeeper/core';
import { callable, type Rule, text } from '@watchkeeper/core/options';
import type { EventOf, EventType } from './law.ts';

/** Some events: all of a type, or those of a type for which `where` holds; several in an array. */
export type EventPattern = OnePattern | readonly OnePattern[];

/** All events of a type, or those of it for which `where` holds. */
export type OnePattern = {
  [TType in EventType]: TType | { readonly type: TType; readonly where?: (event: EventOf<TType>) => boolean };
}[EventType];

/** Says whose event it is: events with the same key belong together. */
export type KeyOf = (event: SupervisorEvent) => string;

/** The `id` of an event, and nothing for one that has none. */
export const idOf: KeyOf = (event) => ('id' in event ? event.id : '');

/** A pattern that is ready to be asked. */
export interface Matcher {
  readonly types: readonly EventType[];
  readonly matches: (event: SupervisorEvent) => boolean;
}

export function matcherOf(pattern: EventPattern): Matcher {
  const all = (Array.isArray(pattern) ? pattern : [pattern]) as readonly OnePattern[];
  const ones = all.map((one) => (typeof one === 'string' ? { type: one } : one)) as readonly {
    readonly type: EventType;
    readonly where?: (event: SupervisorEvent) => boolean;
  }[];
  return {
    types: [...new Set(ones.map(({ type }) => type))],
    matches: (event) => ones.some(({ type, where }) => type === event.type && (where === undefined || where(event))),
  };
}

const isOne = (value: unknown): boolean =>
  text.accepts(value) ||
  (typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    text.accepts(value.type) &&
    (!('where' in value) || value.where === undefined || typeof value.where === 'function'));

/** What a pattern of events must be. */
export const patternRule: Rule<EventPattern> = {
  is: 'a type of event, { type, where }, or an array of them',
  accepts: (value): value is EventPattern =>
    Array.isArray(value) ? value.length > 0 && value.every(isOne) : isOne(value),
};

/** What tells whose event it is must be. */
export const keyRule: Rule<KeyOf> = callable<KeyOf>();
