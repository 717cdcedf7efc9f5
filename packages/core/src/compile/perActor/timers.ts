import type { AnyActorRef, AnyEventObject } from 'xstate';
import { clockOf, relay } from '../../xstate/machineInternals.ts';
import type { ObservationSlot } from './observation.ts';

/** A delayed event on its way. */
export interface Timer {
  /** By which it can be cancelled; `after` uses the type of its event. */
  readonly id: string | undefined;
  readonly delayMs: number;
  readonly eventType: string;
}

/** A delayed event that is armed: all that its firing needs, so that the host's callback need hold nothing else. */
class ArmedTimer implements Timer {
  readonly id: string | undefined;
  readonly delayMs: number;
  readonly event: AnyEventObject;
  readonly sender: AnyActorRef;
  readonly target: AnyActorRef;
  hostTimer: unknown;
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

  fire(): void {
    const { id, sender } = this;
    forget(asideOf(sender as AsideHolder), (armed) => (id === undefined ? armed === this : armed.id === id));
    relay(sender, this.target, this.event);
  }
}

/** What a compiled chart keeps beside its actor, outside of every snapshot. */
export interface Aside {
  /** Armed timers, the newest first: a chart holds a handful at a time, seldom more than one for each region. */
  timers: ArmedTimer | undefined;
  observation: ObservationSlot | undefined;
}

/** The property of an actor that holds its {@link Aside}; unset until there is something to hold. */
export const ASIDE: unique symbol = Symbol('watchkeeper.aside');

/** An actor as far as compiled charts know it. A lean actor may declare the property to spare a later change of shape. */
export interface AsideHolder {
  [ASIDE]?: Aside | undefined;
}

export function asideOf(actor: AsideHolder): Aside {
  actor[ASIDE] ??= { timers: undefined, observation: undefined };
  return actor[ASIDE];
}

/** Delivers `event` of `sender` to `target` after `delayMs`. */
export function armTimer(
  sender: AnyActorRef,
  target: AnyActorRef,
  event: AnyEventObject,
  delayMs: number,
  id: string | undefined,
): void {
  const aside = asideOf(sender as AsideHolder);
  // As in XState, an id used again hides the older timer from every cancelling, and the older one still fires.
  if (id !== undefined) forget(aside, (timer) => timer.id === id);
  const timer = new ArmedTimer(sender, target, event, delayMs, id);
  timer.next = aside.timers;
  aside.timers = timer;
  timer.hostTimer = clockOf(sender).setTimeout(() => timer.fire(), delayMs);
}

export function cancelTimer(actor: AnyActorRef, id: string): void {
  const aside = (actor as AsideHolder)[ASIDE];
  if (aside === undefined) return;
  const timer = forget(aside, (armed) => armed.id === id);
  if (timer !== undefined) clockOf(actor).clearTimeout(timer.hostTimer);
}

/** Cancels what the actor has armed: it has ended. */
export function cancelAllTimers(actor: AnyActorRef): void {
  const aside = (actor as AsideHolder)[ASIDE];
  if (aside === undefined || aside.timers === undefined) return;
  for (const timer of armedTimers(aside)) clockOf(actor).clearTimeout(timer.hostTimer);
  aside.timers = undefined;
}

export function armedTimers(aside: Aside): ArmedTimer[] {
  const armed: ArmedTimer[] = [];
  for (let timer = aside.timers; timer !== undefined; timer = timer.next) armed.push(timer);
  return armed;
}

/** Takes the first timer that matches off the list. */
function forget(aside: Aside, matches: (timer: ArmedTimer) => boolean): ArmedTimer | undefined {
  let before: ArmedTimer | undefined;
  for (let timer = aside.timers; timer !== undefined; timer = timer.next) {
    if (matches(timer)) {
      if (before === undefined) aside.timers = timer.next;
      else before.next = timer.next;
      return timer;
    }
    before = timer;
  }
  return undefined;
}
