import type { AnyActorRef, AnyEventObject } from 'xstate';
import type { Timer } from './observation.ts';

/** An armed delayed event, with all that its firing needs, so that the host's callback need hold nothing else. */
export class ArmedTimer implements Timer {
  readonly id: string | undefined;
  readonly delayMs: number;
  readonly event: AnyEventObject;
  readonly sender: AnyActorRef;
  readonly target: AnyActorRef;
  /** The clock's handle. */
  hostTimer: unknown;
  /** The actor's timer armed before this one. */
  next: ArmedTimer | undefined;

  constructor(
    sender: AnyActorRef,
    target: AnyActorRef,
    event: AnyEventObject,
    delayMs: number,
    id: string | undefined,
  ) {
    this.id = id;
    this.delayMs = delayMs;
    this.event = event;
    this.sender = sender;
    this.target = target;
    this.hostTimer = undefined;
    this.next = undefined;
  }

  get eventType(): string {
    return this.event.type;
  }
}
