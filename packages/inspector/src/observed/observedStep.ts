/** The part of an observation that the inspector reads. Core's `Observation` has it. */
export interface ObservedStep {
  readonly actor: { getSnapshot(): unknown };
  readonly event: { readonly type: string };
  readonly raised: readonly { readonly type: string }[];
  readonly transitions: readonly ObservedEdge[];
  readonly guards: readonly { readonly guard: string; readonly passed: boolean; readonly transition: ObservedEdge }[];
  readonly timers: readonly { readonly id: string | undefined; readonly delayMs: number; readonly eventType: string }[];
}

/** One observed transition. */
export type ObservedEdge = { readonly source: string; readonly targets: readonly string[]; readonly eventType: string };
