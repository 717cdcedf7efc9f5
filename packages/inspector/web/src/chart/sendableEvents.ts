import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { AllowedEvent } from '../../../src/protocol/allowedEvent.ts';

/** The transitions that a person may have taken now, by their place in the graph: of an event that is allowed, out of an active state. */
export function sendableTransitions(
  { transitions }: ChartGraph,
  paths: readonly string[],
  allowedEvents: readonly AllowedEvent[],
): ReadonlySet<number> {
  const events = new Set(allowedEvents.filter(({ canNow }) => canNow).map(({ event }) => event));
  const active = new Set(['', ...paths]);
  return new Set(transitions.flatMap(({ on, from }, index) => (events.has(on) && active.has(from) ? [index] : [])));
}

/** What a person wrote as a payload: nothing for an empty text, `invalid` for what is no JSON object. */
export function readPayload(text: string): Readonly<Record<string, unknown>> | 'invalid' | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : 'invalid';
  } catch {
    return 'invalid';
  }
}
