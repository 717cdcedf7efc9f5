/** An event as XState takes it. */
export type SendableEvent = { readonly type: string; readonly [field: string]: unknown };

/** A running machine actor that events can be sent to. */
export interface SendableActor {
  readonly machineId: string;
  /** Whether the event would do anything now; evaluates the guards. */
  can(event: SendableEvent): boolean;
  send(event: SendableEvent): void;
}

type ActorLike = {
  readonly logic?: unknown;
  getSnapshot(): unknown;
  send?(event: SendableEvent): void;
};

/** Returns an actor as one that events can be sent to; undefined for one that has ended or is no machine. */
export function sendableActor(actor: ActorLike): SendableActor | undefined {
  const { logic } = actor;
  const machineId = typeof logic === 'object' && logic !== null && 'id' in logic ? logic.id : undefined;
  if (typeof machineId !== 'string' || snapshotOf(actor) === undefined) return undefined;
  return {
    machineId,
    can: (event) => snapshotOf(actor)?.can(event) ?? false,
    send: (event) => actor.send?.(event),
  };
}

type MachineSnapshot = { readonly status: string; can(event: SendableEvent): boolean };

function snapshotOf(actor: ActorLike): MachineSnapshot | undefined {
  const snapshot = actor.getSnapshot();
  if (typeof snapshot !== 'object' || snapshot === null || !('can' in snapshot)) return undefined;
  const running = snapshot as MachineSnapshot;
  return running.status === 'active' && typeof running.can === 'function' ? running : undefined;
}
