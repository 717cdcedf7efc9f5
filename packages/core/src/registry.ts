import type { AnyActorLogic, AnyActorRef, EmittedFrom, EventFromLogic, SnapshotFrom } from 'xstate';
import { Audience } from './audience.ts';
import { compile } from './compile/compile.ts';
import type { ActorKind } from './events.ts';
import { createLeanActor } from './lean/createLeanActor.ts';
import type { LeanActor } from './lean/leanActor.ts';
import type { MonitorInput } from './monitorContext.ts';
import { monitorMachine } from './monitorMachine.ts';
import { type NotifierInput, notifierMachine } from './notifierMachine.ts';
import { type SessionInput, sessionMachine } from './sessionMachine.ts';

const monitorLogic = compile(monitorMachine);
const notifierLogic = compile(notifierMachine);
const sessionLogic = compile(sessionMachine);

/** The lean actor that runs some logic. */
export type ActorOf<TLogic extends AnyActorLogic> = LeanActor<
  SnapshotFrom<TLogic>,
  EventFromLogic<TLogic>,
  EmittedFrom<TLogic>
>;

export type MonitorActor = ActorOf<typeof monitorLogic>;
export type NotifierActor = ActorOf<typeof notifierLogic>;
export type SessionActor = ActorOf<typeof sessionLogic>;

/** Who an actor is, read from its actor id. */
export interface Identity {
  readonly kind: ActorKind;
  /** The name it goes by outside: a monitor's id, a notifier's key, a session's number. */
  readonly id: string;
}

/**
 * The supervisor's own index of its children, kept outside its snapshot: a snapshot would be copied with
 * every child that comes or goes.
 */
export class Registry {
  readonly monitors = new Map<string, MonitorActor>();
  readonly sessions = new Map<string, SessionActor>();
  /** By actor id: while a replaced notifier is still ending, two have the same key. */
  readonly notifiers = new Map<string, NotifierActor>();
  readonly #identities = new Map<string, Identity>();
  readonly #notifierByKey = new Map<string, NotifierActor>();
  readonly #audience = new Audience<NotifierActor>();
  #serial = 0;

  addMonitor(input: MonitorInput, parent: AnyActorRef): MonitorActor {
    const actor = createLeanActor(monitorLogic, { id: this.#identify('monitor', input.id), input, parent });
    this.monitors.set(input.id, actor);
    return actor;
  }

  addNotifier(input: NotifierInput, parent: AnyActorRef): NotifierActor {
    const actor = createLeanActor(notifierLogic, { id: this.#identify('notifier', input.id), input, parent });
    this.notifiers.set(actor.id, actor);
    this.#notifierByKey.set(input.id, actor);
    this.#audience.add(actor, input.options.topics);
    return actor;
  }

  addSession(input: SessionInput, parent: AnyActorRef): SessionActor {
    const actor = createLeanActor(sessionLogic, { id: this.#identify('session', input.id), input, parent });
    this.sessions.set(input.id, actor);
    return actor;
  }

  /** The notifier that holds `key` now. */
  notifierOf(key: string): NotifierActor | undefined {
    return this.#notifierByKey.get(key);
  }

  /** The notifiers that are told of `topic`. */
  audienceOf(topic: string): readonly NotifierActor[] {
    return this.#audience.of(topic);
  }

  /** Who the actor behind `actorId` is, or `undefined` when it was never here or is forgotten. */
  identify(actorId: string): Identity | undefined {
    return this.#identities.get(actorId);
  }

  /** Forgets an actor that has ended; a later one with the same key or id is not touched (INV-6). */
  remove(actorId: string): void {
    const identity = this.#identities.get(actorId);
    if (identity === undefined) return;
    const { kind, id } = identity;
    this.#identities.delete(actorId);
    if (kind === 'session') this.sessions.delete(id);
    else if (kind === 'monitor' && this.monitors.get(id)?.id === actorId) this.monitors.delete(id);
    else if (kind === 'notifier') {
      const actor = this.notifiers.get(actorId);
      if (actor !== undefined) this.#audience.remove(actor, actor.getSnapshot().context.options.topics);
      this.notifiers.delete(actorId);
      if (this.#notifierByKey.get(id)?.id === actorId) this.#notifierByKey.delete(id);
    }
  }

  #identify(kind: ActorKind, id: string): string {
    this.#serial += 1;
    const actorId = `${kind}:${id}:${this.#serial}`;
    this.#identities.set(actorId, { kind, id });
    return actorId;
  }
}
