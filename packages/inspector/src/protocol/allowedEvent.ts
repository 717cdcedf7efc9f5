/** An event that a page may send to an actor. */
export type AllowedEvent = {
  readonly event: string;
  /** Whether the actor would take it now, without a payload. */
  readonly canNow: boolean;
};

/** An event that a page wants to send. */
export type WantedEvent = {
  readonly actorId: string;
  readonly event: string;
  readonly payload?: Readonly<Record<string, unknown>>;
};
