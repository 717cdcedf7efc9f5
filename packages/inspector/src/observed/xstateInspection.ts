/** The part of an inspection event of XState that is read here. Any event of `system.inspect` has it. */
export interface XStateInspection {
  readonly type: string;
  readonly actorRef?: { readonly id?: string; readonly sessionId?: string };
  readonly sourceRef?: { readonly id?: string; readonly sessionId?: string } | undefined;
  readonly event?: { readonly type: string };
  readonly snapshot?: unknown;
  readonly _transitions?: readonly unknown[];
}
