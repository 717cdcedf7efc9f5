/**
 * The scheduler of an actor system, for actors that keep their delayed events themselves.
 *
 * `test/compile/hosts.test.ts` fails when a version of XState changes what is used of it.
 */
import type { AnyActorRef, AnyEventObject } from 'xstate';

/** A delayed event as XState lists it. */
export interface ScheduledEvent {
  readonly source: AnyActorRef;
  readonly target: AnyActorRef;
  readonly event: AnyEventObject;
  readonly delay: number;
  readonly id: string;
}

/** The delayed events that actors keep themselves. */
export interface OwnTimers {
  /** Whether the actor keeps its delayed events itself. */
  keeps(actor: AnyActorRef): boolean;
  arm(source: AnyActorRef, target: AnyActorRef, event: AnyEventObject, delay: number, id: string | undefined): void;
  cancel(actor: AnyActorRef, id: string): void;
  cancelAll(actor: AnyActorRef): void;
  /** Those of one actor that are armed. */
  scheduled(actor: AnyActorRef): readonly ScheduledEvent[];
}

interface Scheduler {
  schedule(source: AnyActorRef, target: AnyActorRef, event: AnyEventObject, delay: number, id?: string): void;
  cancel(source: AnyActorRef, id: string): void;
  cancelAll(actor: AnyActorRef): void;
}

interface HiddenSystem {
  readonly scheduler: Scheduler;
  getSnapshot(): { _scheduledEvents: Record<string, ScheduledEvent> };
  [JOINED]?: true;
}

const JOINED: unique symbol = Symbol('watchkeeper.scheduler');

/**
 * Has the scheduler of an actor's system know the delayed events that its actors keep themselves: they are in the
 * system's snapshot, `cancel` and `cancelAll` reach them, and a system that starts again on its snapshot, as React's
 * strict mode has it, arms them again.
 */
export function joinScheduler(actor: AnyActorRef, own: OwnTimers): void {
  const system = actor.system as unknown as HiddenSystem;
  if (system[JOINED] !== undefined) return;
  system[JOINED] = true;
  const { scheduler } = system;
  const { schedule, cancel, cancelAll } = scheduler;
  const getSnapshot = system.getSnapshot;
  const root = rootOf(actor);
  system.getSnapshot = () => {
    const snapshot = getSnapshot();
    for (const member of family(root)) {
      for (const scheduled of own.scheduled(member)) {
        snapshot._scheduledEvents[`${member.sessionId}.${scheduled.id}`] = scheduled;
      }
    }
    return snapshot;
  };
  scheduler.schedule = (source, target, event, delay, id) => {
    if (own.keeps(source)) own.arm(source, target, event, delay, id);
    else schedule(source, target, event, delay, id);
  };
  scheduler.cancel = (source, id) => {
    cancel(source, id);
    own.cancel(source, id);
  };
  scheduler.cancelAll = (source) => {
    cancelAll(source);
    own.cancelAll(source);
  };
}

function rootOf(actor: AnyActorRef): AnyActorRef {
  return actor._parent === undefined ? actor : rootOf(actor._parent);
}

/** An actor and all below it, as its snapshot names them. */
function* family(actor: AnyActorRef): Generator<AnyActorRef> {
  yield actor;
  const { children = {} }: { children?: Record<string, AnyActorRef | undefined> } = actor.getSnapshot() ?? {};
  for (const child of Object.values(children)) if (child !== undefined) yield* family(child);
}
