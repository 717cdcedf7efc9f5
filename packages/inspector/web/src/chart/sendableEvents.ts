import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { AllowedEvent } from '../../../src/protocol/allowedEvent.ts';

/** Returns the transitions that a user may trigger now, by index in the graph: of an allowed event, out of an active state. */
export function sendableTransitions(
  { transitions }: ChartGraph,
  paths: readonly string[],
  allowedEvents: readonly AllowedEvent[],
): ReadonlySet<number> {
  const events = new Set(allowedEvents.filter(({ canNow }) => canNow).map(({ event }) => event));
  const active = new Set(['', ...paths]);
  return new Set(transitions.flatMap(({ on, from }, index) => (events.has(on) && active.has(from) ? [index] : [])));
}

/** Reads a payload: undefined for an empty text, `invalid` for what is no JSON object. */
export function readPayload(text: string): Readonly<Record<string, unknown>> | 'invalid' | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : 'invalid';
  } catch {
    return 'invalid';
  }
}
