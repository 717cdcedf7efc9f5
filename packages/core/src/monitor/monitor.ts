import type { Observable } from 'rxjs';
import type { Ground } from '../aggregate/monitorGraph.ts';
import { effectiveHealth } from '../aggregate/rootCause.ts';
import { type Health, isReady } from '../model/health.ts';
import { type Probe, probeRule } from '../model/probe.ts';
import type { Verdict } from '../model/verdict.ts';
import { positiveMs, requireOption } from '../rules.ts';
import { observe, type Replaceable } from '../runtime/observable.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import { pauseDetail } from './monitorCommands.ts';
import type { MonitorActor } from './monitorMachine.ts';
import { type MonitorOptions, type ResolvedMonitorOptions, resolveMonitorOptions } from './monitorOptions.ts';
import { type MonitorSnapshot, memoryOf } from './monitorSnapshot.ts';
import type { Amendments, PauseChange } from './pendingUpdates.ts';

/** All that is known of one target at one moment. Plain and serialisable; times are epoch milliseconds. */
export type MonitorStatus = {
  readonly id: string;
  /** The name of the probe that asks. */
  readonly probe: string;
  readonly health: Health;
  /** Since when it has been so. */
  readonly since: number;
  /** One line on why. */
  readonly detail?: string;
  /** What the last check found; absent before the first, and when the check broke. */
  readonly verdict?: Verdict;
  /** When the last check ended. */
  readonly checkedAt?: number;
  /** When a check last passed (INV-68). */
  readonly healthyAt?: number;
  /** Failed checks in a row. */
  readonly failures: number;
  /** How much of its usual load the target can take now, from 0 to 1: nothing of it while it is not ready for work. */
  readonly weight: number;
  /** Whether an alert is raised. */
  readonly alerting: boolean;
  /** Whether an alert is due and held back. */
  readonly alertHeld: boolean;
  /** Whether it falls again and again, so that its alerts are held. */
  readonly flapping: boolean;
  /** What can be counted on: `unhealthy` where the target itself works and something it depends on is down. */
  readonly effectiveHealth: Health;
  /** Where something it depends on is down: the monitor at the bottom of it. */
  readonly rootCause?: string;
  /** Whether the program is unready while this target is. */
  readonly required: boolean;
  /** The registration this belongs to; grows with every update. */
  readonly epoch: number;
};

/** What may change about a running monitor. A new probe begins anew, at `starting` (INV-66). */
export interface MonitorUpdate extends MonitorOptions {
  readonly probe?: Probe;
}

/** One watched target. */
export interface Monitor {
  readonly id: string;
  readonly health: Health;
  /** The present health, then each change, then completion when the monitor stops. */
  readonly health$: Observable<Health>;
  readonly status: MonitorStatus;
  /** Asks now. While a check is under way, any number of calls become one more check after it (INV-46). */
  check(): void;
  /**
   * Stops asking, for `ttlMs` milliseconds or until {@link Monitor.resume}.
   * @throws {@link InvalidOptionError} when `ttlMs` is no positive number.
   */
  pause(ttlMs?: number): void;
  /** Asks again after a pause, at once. */
  resume(): void;
  /**
   * Changes the probe or the options. The verdict of a check under way is discarded. One that crashed and waits to
   * begin again begins with what it was told last; of all that it is told meanwhile this, pauses and
   * {@link Monitor.stop} count.
   * @throws {@link InvalidOptionError} for the first option that breaks its rule.
   * @throws {@link UnknownIdError} when it would depend on a monitor that does not run.
   * @throws {@link CycleError} when it would depend on itself, directly or through others.
   */
  update(change: MonitorUpdate): void;
  /** Says that the connection behind the target is new: its age begins again, and it is checked at once. */
  markConnected(): void;
  /** Says that the target is being brought back. The verdict of a check under way is discarded (INV-45). */
  markReconnecting(): void;
  /** Says that the target was just seen working; an idle rule counts from here. */
  recordActivity(): void;
  /** Ends the monitor, whether it runs, has not begun or waits to begin again. Nothing of it runs afterwards (INV-48). */
  stop(): void;
}

/** The part of a monitor's child that its face needs. */
interface WatchedChild extends Replaceable<MonitorActor> {
  readonly id: string;
  readonly actorId: string;
  readonly restartTimer: unknown;
}

/** What a monitor's face needs of its supervisor. */
export interface MonitorOwner {
  readonly runQueue: RunQueue;
  readonly ground: Ground;
  readonly amendments: Amendments;
  /** Takes note of an update that waits until the monitor whose actor has this id begins, or begins again. */
  amend(actorId: string): void;
  /** Ends the monitor whose actor has this id. */
  end(actorId: string): void;
}

/** The public face of one monitor, whichever actor it has after a crash. */
export class MonitorFace implements Monitor {
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

  /** What it goes by; while it waits for its restart, what it will begin with. */
  get #options(): ResolvedMonitorOptions {
    const pending = this.#child.restartTimer === undefined ? undefined : this.#owner.amendments.of(this.#child);
    return (pending ?? this.#actor.getSnapshot().context).options;
  }

  get health(): Health {
    return this.#healthOf(this.#actor.getSnapshot());
  }

  get health$(): Observable<Health> {
    return observe(this.#child, (snapshot) => this.#healthOf(snapshot), this.#owner.runQueue);
  }

  get status(): MonitorStatus {
    const snapshot = this.#actor.getSnapshot();
    const { id, probe, since, detail, verdict, checkedAt, healthyAt, streaks, flaps, epoch } = snapshot.context;
    const health = this.#healthOf(snapshot);
    const rootCause = this.#owner.ground.rootCauseOf(id);
    return {
      id,
      probe: probe.name,
      health,
      since,
      ...(detail === undefined ? {} : { detail }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(checkedAt === undefined ? {} : { checkedAt }),
      ...(healthyAt === undefined ? {} : { healthyAt }),
      failures: streaks.failures,
      weight: isReady(health) ? (verdict?.weight ?? 1) : 0,
      ...(rootCause === undefined ? {} : { rootCause }),
      effectiveHealth: effectiveHealth(health, rootCause),
      flapping: flaps.flapping,
      alertHeld: snapshot.matches({ watching: { alert: 'held' } }),
      alerting: snapshot.matches({ watching: { alert: 'raised' } }),
      required: this.#options.required,
      epoch,
    };
  }

  get memory(): MonitorSnapshot {
    const snapshot = this.#actor.getSnapshot();
    const raised = snapshot.matches({ watching: { alert: 'raised' } });
    return memoryOf({
      context: { ...snapshot.context, health: this.#healthOf(snapshot) },
      alert: raised ? 'raised' : snapshot.context.streaks.failures > 0 ? 'counting' : 'quiet',
      isWaiting: snapshot.matches({ watching: { cadence: 'waiting' } }),
      isResting: snapshot.matches({ watching: { cadence: 'resting' } }),
    });
  }

  check(): void {
    this.#actor.send({ type: 'check' });
  }

  pause(ttlMs?: number): void {
    if (ttlMs !== undefined) requireOption('monitor.pause.ttlMs', positiveMs, ttlMs);
    this.#actor.send(ttlMs === undefined ? { type: 'pause' } : { type: 'pause', ttlMs });
    const now = this.#actor.getSnapshot().context.runtime.clock.now();
    const until = ttlMs === undefined ? undefined : now + ttlMs;
    this.#changePause({ paused: true, until, detail: pauseDetail(ttlMs) });
  }

  resume(): void {
    this.#actor.send({ type: 'resume' });
    this.#changePause({ paused: false });
  }

  update({ probe, ...given }: MonitorUpdate): void {
    if (probe !== undefined) requireOption('monitor.probe', probeRule, probe);
    const { ground, amendments } = this.#owner;
    const former = amendments.of(this.#child) ?? this.#actor.getSnapshot().context;
    const options = resolveMonitorOptions(given, former.options);
    if (given.dependsOn !== undefined) ground.require('monitor.dependsOn', this.id, options.dependsOn);
    const amendment = { options, ...(probe === undefined ? {} : { probe }) };
    // Taken out first: one that takes this update must not be read by what it was told before.
    const pending = amendments.take(this.#child);
    this.#actor.send({ type: 'update', ...amendment });
    if (this.#actor.getSnapshot().context.options === options) return;
    amendments.keep(this.#child, { ...pending, ...amendment });
    this.#owner.amend(this.#child.actorId);
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

  /** Keeps a change of its pause for its restart, where it waits for that. */
  #changePause(pause: PauseChange): void {
    if (this.#child.restartTimer === undefined) return;
    this.#owner.amendments.keep(this.#child, { options: this.#options, pause });
  }

  #healthOf({ status, context }: ReturnType<MonitorActor['getSnapshot']>): Health {
    if (status === 'error') return 'error';
    return status === 'active' && context.changes === 0 ? 'starting' : context.health;
  }
}
