import type { Observable } from 'rxjs';
import { ServiceEndedError } from '../errors.ts';
import type { Health } from '../model/health.ts';
import type { ServiceEnd, ServiceState, ServiceStatus } from '../model/service.ts';
import { observe } from '../runtime/observable.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { Service } from './service.ts';
import type { ServiceActor, ServiceChild } from './serviceMachine.ts';

/** What a service's handle needs of its supervisor. */
export interface ServiceOwner {
  readonly runQueue: RunQueue;
  readonly rootCauseOf: (id: string) => string | undefined;
  readonly waitsFor: (id: string) => readonly string[];
  /** Restarts since the service last ran for long. */
  readonly restartsOf: (child: ServiceChild) => number;
  /** Begins the next run of the service whose actor has this id. */
  restart(child: ServiceChild): void;
  /** Ends the service whose actor has this id. */
  stop(child: ServiceChild): void;
}

type ActorSnapshot = ReturnType<ServiceActor['getSnapshot']>;

/** Implements {@link Service} for one child. */
export class ServiceHandle implements Service {
  readonly #child: ServiceChild;
  readonly #owner: ServiceOwner;
  #ready: Promise<void> | undefined;
  #ended: Promise<ServiceEnd> | undefined;

  constructor(child: ServiceChild, owner: ServiceOwner) {
    this.#child = child;
    this.#owner = owner;
  }

  get id(): string {
    return this.#child.id;
  }

  get state(): ServiceState {
    return stateOf(this.#child.actor.getSnapshot());
  }

  get health(): Health {
    return healthOf(this.#child.actor.getSnapshot());
  }

  get health$(): Observable<Health> {
    return observe(this.#child, healthOf, this.#owner.runQueue);
  }

  get status(): ServiceStatus {
    const snapshot = this.#child.actor.getSnapshot();
    const { id, since, detail, run, startedAt, readyAt, nextAt, last, options } = snapshot.context;
    const state = stateOf(snapshot);
    const rootCause = this.#owner.rootCauseOf(id);
    const isHeld = snapshot.matches({ up: { running: { health: { unhealthy: 'held' } } } });
    return {
      id,
      state,
      health: healthOf(snapshot),
      since,
      ...(detail === undefined ? {} : { detail }),
      run,
      restarts: this.#owner.restartsOf(this.#child),
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(readyAt === undefined ? {} : { readyAt }),
      ...(state === 'waiting' ? { waitsFor: this.#owner.waitsFor(id) } : {}),
      ...(isHeld && rootCause !== undefined ? { heldBy: rootCause } : {}),
      ...(state === 'backingOff' && nextAt !== undefined ? { nextAt } : {}),
      requiredFor: options.requiredFor,
      ...(rootCause === undefined ? {} : { rootCause }),
      ...(last === undefined ? {} : { last }),
    };
  }

  // Made when it is asked for: a promise that rejects and that nobody holds would end the program.
  get ready(): Promise<void> {
    this.#ready ??= this.#whenReady();
    return this.#ready;
  }

  get ended(): Promise<ServiceEnd> {
    this.#ended ??= new Promise((resolve) => {
      const { actor } = this.#child;
      const finish = () => resolve(endOf(actor.getSnapshot()));
      if (actor.getSnapshot().status === 'active') actor.subscribe({ complete: finish, error: finish });
      else finish();
    });
    return this.#ended;
  }

  restart(): void {
    this.#owner.restart(this.#child);
  }

  stop(): Promise<ServiceEnd> {
    this.#owner.stop(this.#child);
    return this.ended;
  }

  #whenReady(): Promise<void> {
    const { actor, id } = this.#child;
    return new Promise((resolve, reject) => {
      const check = (snapshot: ActorSnapshot): boolean => {
        if (snapshot.context.wasReady) resolve();
        else if (snapshot.status !== 'active') {
          const { reason, detail } = endOf(snapshot);
          reject(new ServiceEndedError(id, reason, detail));
        } else return false;
        return true;
      };
      if (check(actor.getSnapshot())) return;
      const finish = () => check(actor.getSnapshot());
      const subscription = actor.subscribe({
        next: (snapshot) => {
          if (check(snapshot)) subscription.unsubscribe();
        },
        complete: finish,
        error: finish,
      });
    });
  }
}

const upStates = ['starting', 'running', 'quiescing'] as const;

function stateOf(snapshot: ActorSnapshot): ServiceState {
  if (snapshot.status !== 'active') return endOf(snapshot).reason === 'failed' ? 'failed' : 'stopped';
  const { value } = snapshot;
  if (typeof value === 'string') return value;
  return upStates.find((state) => snapshot.matches({ up: state })) ?? 'starting';
}

function healthOf(snapshot: ActorSnapshot): Health {
  if (snapshot.status === 'active') return snapshot.context.health;
  return endOf(snapshot).reason === 'failed' ? 'error' : 'stopped';
}

function endOf({ status, output, context }: ActorSnapshot): ServiceEnd {
  if (status === 'error') return { reason: 'failed', forced: false, unfinished: true };
  return output ?? context.end;
}
