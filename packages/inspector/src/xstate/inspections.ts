import type { XStateInspection } from '../observed/xstateInspection.ts';

/** What XState 6 tells of one event: all at once. */
interface TransitionInspection extends XStateInspection {
  readonly microsteps?: readonly unknown[];
}

/**
 * Returns what was told as XState 5 tells it: an event, its microsteps, and the snapshot they led to. XState 6 tells all of
 * that in one `@xstate.transition`.
 */
export function inspectionsOf(told: XStateInspection): readonly XStateInspection[] {
  if (told.type !== '@xstate.transition') return [told];
  const { microsteps = [] } = told as TransitionInspection;
  return [
    { ...told, type: '@xstate.event' },
    ...microsteps.map((step) => ({ ...told, type: '@xstate.microstep', event: eventOf(step), _transitions: [step] })),
    { ...told, type: '@xstate.snapshot' },
  ];
}

function eventOf(step: unknown): { readonly type: string } {
  const { eventType = '' } = (step ?? {}) as { readonly eventType?: string };
  return { type: eventType };
}
