import type { Observable } from 'rxjs';
import type { MonitorGraph } from '../aggregate/monitorGraph.ts';
import { effectiveHealth } from '../aggregate/rootCause.ts';
import { InvalidOptionError } from '../errors.ts';
import { type Health, isReady } from '../model/health.ts';
import { probeRule } from '../model/probe.ts';
import { optionsRule, requireOption } from '../rules.ts';
import { observe, type Replaceable } from '../runtime/observable.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { Monitor, MonitorStatus, MonitorUpdate } from './monitor.ts';
import { pauseDetail } from './monitorContext.ts';
import type { MonitorActor } from './monitorMachine.ts';
import { type ResolvedMonitorOptions, resolveMonitorOptions } from './monitorOptions.ts';
import type { MonitorSnapshot } from './monitorSnapshot.ts';
import { assumedHealth, type PauseOptions, resolvePauseOptions } from './pauseOptions.ts';
import type { PauseChange, PendingUpdates } from './pendingUpdates.ts';
import { persistMonitor } from './persistMonitor.ts';

/** The part of a monitor's child that its handle needs. */
interface WatchedChild extends Replaceable<MonitorActor> {
  readonly id: string;
  readonly actorId: string;
  readonly isRestarting: boolean;
}

/** What a monitor's handle needs of its supervisor. */
export interface MonitorOwner {
  readonly runQueue: RunQueue;
  readonly graph: MonitorGraph;
  readonly pendingUpdates: PendingUpdates;
  /** Takes note of an update that waits until the monitor whose actor has this id starts, or starts again. */
  updateLater(actorId: string): void;
  /** Ends the monitor whose actor has this id. */
  end(actorId: string): void;
}

type ActorSnapshot = ReturnType<MonitorActor['getSnapshot']>;

/** Implements {@link Monitor} for one child, whichever actor it has after a crash. */
export class MonitorHandle implements Monitor {
  readonly #child: WatchedChild;
  readonly #owner: MonitorOwner;

  constructor(child: WatchedChild, owner: MonitorOwner) {
    this.#child = child;
    this.#owner = owner;
  }

  get id(): string {
    return this.#child.id;
  }

  get #actor(): MonitorActor {
    return this.#child.actor;
  }

  /** Its options; while it waits for its restart, those that it will start with. */
  get #options(): ResolvedMonitorOptions {
    const pending = this.#child.isRestarting ? this.#owner.pendingUpdates.get(this.#child) : undefined;
    return (pending ?? this.#actor.getSnapshot().context).options;
  }

  get health(): Health {
    return healthOf(this.#actor.getSnapshot());
  }

  get health$(): Observable<Health> {
    return observe(this.#child, (snapshot) => healthOf(snapshot), this.#owner.runQueue);
  }

  get status(): MonitorStatus {
    const snapshot = this.#actor.getSnapshot();
    const { context } = snapshot;
    const { id, probe, since, detail, verdict, checkedAt, healthyAt, streaks, flaps, epoch, lastFailures } = context;
    const health = healthOf(snapshot);
    const alerting = snapshot.matches({ watching: { alert: 'raised' } });
    const rootCause = this.#owner.graph.rootCauseOf(id);
    return {
      id,
      probe: probe.name,
      health,
      ...(health === 'paused' && context.assumed !== undefined ? { assumed: context.assumed } : {}),
      since,
      ...(detail === undefined ? {} : { detail }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(checkedAt === undefined ? {} : { checkedAt }),
      ...(healthyAt === undefined ? {} : { healthyAt }),
      failures: streaks.failures,
      lastFailures,
      weight: isReady(health) ? (verdict?.weight ?? 1) : 0,
      ...(rootCause === undefined ? {} : { rootCause }),
      effectiveHealth: effectiveHealth(health, rootCause),
      flapping: flaps.flapping,
      alertHeld: snapshot.matches({ watching: { alert: 'held' } }),
      alerting,
      alertSilenced: alerting && health === 'paused',
      requiredFor: this.#options.requiredFor,
      tags: this.#options.tags,
      epoch,
    };
  }

  check(): void {
    this.#actor.send({ type: 'check' });
  }

  pause(options?: PauseOptions): void {
    const { ttlMs, assume } = resolvePauseOptions(options);
    this.#actor.send({ type: 'pause', assume, ...(ttlMs === undefined ? {} : { ttlMs }) });
    const now = this.#actor.getSnapshot().context.runtime.clock.now();
    const until = ttlMs === undefined ? undefined : now + ttlMs;
    const { known } = this.#actor.getSnapshot().context;
    this.#changePause({
      paused: true,
      until,
      detail: pauseDetail(ttlMs),
      assumed: assumedHealth(assume, known ?? 'starting'),
    });
  }

  resume(): void {
    this.#actor.send({ type: 'resume' });
    this.#changePause({ paused: false });
  }

  update(change: MonitorUpdate): void {
    const { probe, ...given } = readUpdate(change);
    if (probe !== undefined) requireOption('monitor.probe', probeRule, probe);
    const { graph, pendingUpdates } = this.#owner;
    const former = pendingUpdates.get(this.#child) ?? this.#actor.getSnapshot().context;
    const options = resolveMonitorOptions(given, former.options);
    const { dependsOn, tags } = options;
    if (given.dependsOn !== undefined) graph.assertCanRequire('monitor.dependsOn', this.id, dependsOn, tags);
    if (given.tags !== undefined) graph.assertCanTag('monitor.tags', this.id, tags, dependsOn);
    const applied = { options, ...(probe === undefined ? {} : { probe }) };
    // Taken first: where this update is applied, options must not be read from an earlier one.
    const pending = pendingUpdates.take(this.#child);
    this.#actor.send({ type: 'update', ...applied });
    if (this.#actor.getSnapshot().context.options === options) return;
    pendingUpdates.merge(this.#child, { ...pending, ...applied });
    this.#owner.updateLater(this.#child.actorId);
  }

  markConnected(): void {
    this.#actor.send({ type: 'markConnected' });
  }

  markReconnecting(): void {
    this.#actor.send({ type: 'markReconnecting' });
  }

  recordActivity(): void {
    this.#actor.send({ type: 'recordActivity' });
  }

  stop(): void {
    this.#owner.end(this.#child.actorId);
  }

  /** Keeps a change of its pause where it waits for its restart. */
  #changePause(pause: PauseChange): void {
    if (!this.#child.isRestarting) return;
    this.#owner.pendingUpdates.merge(this.#child, { options: this.#options, pause });
  }
}

function healthOf({ status, context }: ActorSnapshot): Health {
  if (status === 'error') return 'error';
  return status === 'active' && context.changes === 0 ? 'starting' : context.health;
}

/** Returns the persisted state of a monitor whose actor has this snapshot. */
export function persistActor(snapshot: ActorSnapshot): MonitorSnapshot {
  const raised = snapshot.matches({ watching: { alert: 'raised' } });
  return persistMonitor({
    context: { ...snapshot.context, health: healthOf(snapshot) },
    alert: raised ? 'raised' : snapshot.context.streaks.failures > 0 ? 'counting' : 'quiet',
    isWaiting: snapshot.matches({ watching: { cadence: 'waiting' } }),
    isPausedUntil: snapshot.matches({ watching: { cadence: 'pausedUntil' } }),
  });
}

/** @throws {@link InvalidOptionError} for what is no object, or cannot be read. */
function readUpdate(change: MonitorUpdate): MonitorUpdate {
  requireOption('monitor.update', optionsRule, change);
  try {
    return { ...change };
  } catch (cause) {
    throw new InvalidOptionError('monitor.update', `${optionsRule.is} that can be read`, change, cause);
  }
}
