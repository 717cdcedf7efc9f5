import type {
  Clock,
  Composition,
  DrainOptions,
  DrainReport,
  HealthNotice,
  LossCounts,
  Plane,
  Reservation,
  ResolvedDrainOptions,
  ResolvedMonitorOptions,
  Supervisor,
  SupervisorOptions,
} from '@watchkeeper/core';
import { drainDefaults, planes } from '@watchkeeper/core';
import { VirtualClock } from '../clock/virtualClock.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { SimulatedClient } from './simulated/client.ts';
import type { SimulatedPeer } from './simulated/peer.ts';
import type { SimulatedTarget, TargetWorld } from './simulated/target.ts';
import { Violations } from './violations.ts';

/** Timers round up to a millisecond, and so do sums of them. */
export const slackMs = 3;

/** How long a client may take over one delivery, stall included. */
export const patienceMs = 1_200;

/** The tags there are. */
export const tags = ['tag-a', 'tag-b'] as const;

/** A slot that was taken and not opened yet. */
export interface HeldSlot {
  readonly slot: Reservation;
  readonly peer: string | undefined;
}

/** State of the one drain that a supervisor has. */
export interface Ending {
  readonly options: ResolvedDrainOptions;
  /** Active time at which it began. */
  readonly sinceMs: number;
  /** Active time at the end of the step in which everybody left was closed by force. */
  forcedMs: number | undefined;
  /** When it began to tell its clients to go, how long a turn is, and how many there were. */
  spread: { readonly at: number; readonly stepMs: number; turns: number } | undefined;
  readonly startedAt: number;
  total: number;
  /** Clients there were when it began, and those that came since. */
  clients: number;
  stragglers: number;
  told: number;
  evicted: number;
  /** The caller cut it short, or stopped. */
  cutShort: boolean;
  readonly reports: Promise<DrainReport>[];
  report: DrainReport | undefined;
}

/** Ranges a seed draws its supervisor from. */
type Drawn = Required<
  Pick<
    SupervisorOptions,
    'maxSessions' | 'maxSessionsPerPeer' | 'closeTimeoutMs' | 'onPeerGoaway' | 'withdrawTimeoutMs' | 'strategy'
  >
>;

/** Limits of a world: its size and its least age. */
type Bounds = Pick<World, 'crowd' | 'minLifeMs'>;

/** One supervisor on a virtual clock with all who deal with it, and what should be true of them. */
export class World implements TargetWorld {
  readonly random: SeededRandom;
  readonly violations = new Violations();
  readonly clock = new VirtualClock();
  readonly keeper: Supervisor;
  readonly drawn: Drawn;
  /** Probability that a draw of the supervisor throws, which crashes the monitor that draws. */
  readonly crashRate: number;
  /** How many of each kind there may be. */
  readonly crowd: number;
  /** How long it lives before it may be ended. */
  readonly minLifeMs: number;
  /** Time in which timers could fire; frozen time is not in it. */
  activeMs = 0;
  started = false;
  /** What `admit` answers: it admits, refuses, or breaks. */
  load: 'normal' | 'high' | 'broken' = 'normal';
  /** Timers fired before the promises that they follow: a check may have timed out before its probe was asked. */
  rushed = false;
  /** It froze, or its wall clock was set forwards: a check that is judged by its time may be void from now on. */
  stoodStill = false;
  /** The wall clock was set back: differences of its times say little from now on. */
  setBack = false;
  clients: SimulatedClient[] = [];
  readonly peers = new Set<SimulatedPeer>();
  readonly targets = new Map<string, SimulatedTarget>();
  /** Dependencies of each monitor by its id, also of one that was given up on. */
  readonly dependencies = new Map<string, readonly string[]>();
  /** What each composite judges, by its id; likewise. */
  readonly compositions = new Map<string, Composition>();
  /** Tags of each monitor by its id; likewise. */
  readonly tags = new Map<string, readonly string[]>();
  readonly held: HeldSlot[] = [];
  /** The latest notice of each topic, as the events told of it; what a new client must be told. */
  readonly told = new Map<string, HealthNotice>();
  /** The planes that depend on each monitor that was given up on: it counts as `error` for ever. */
  readonly givenUp = new Map<string, readonly Plane[]>();
  readonly phases: string[] = [];
  readonly lost: { -readonly [K in keyof LossCounts]: number } = {
    coalesced: 0,
    dropped: 0,
    stalled: 0,
    deliveriesFailed: 0,
    refused: 0,
    admitsFailed: 0,
    checksFailed: 0,
    verdictsDiscarded: 0,
    actorsFailed: 0,
    lawsViolated: 0,
  };
  ending: Ending | undefined;
  /** The stream of events has completed. */
  ended = false;
  /** Moves made since then. */
  movesAfterEnd = 0;
  withdrawals = 0;
  /** The supervisor said that it failed. */
  failed = false;
  /** The clock throws at its next call. */
  clockFails = false;
  /** Promises that the supervisor gave out and has not settled. */
  readonly unsettled = new Set<Promise<unknown>>();
  #ownTimers = 0;
  #caller: AbortController | undefined;

  constructor(random: SeededRandom, create: (options: SupervisorOptions) => Supervisor, { crowd, minLifeMs }: Bounds) {
    this.random = random;
    this.crowd = crowd;
    this.minLifeMs = minLifeMs;
    this.crashRate = random.chance(0.15) ? 0.02 : 0;
    this.drawn = {
      maxSessions: Math.ceil((random.pick([0, 1, 2, 3, 5, 8]) * crowd) / 6),
      maxSessionsPerPeer: Math.ceil((random.pick([0, 0, 1, 2]) * crowd) / 6),
      closeTimeoutMs: random.pick([50, 300, 2_000]),
      onPeerGoaway: random.pick(['stay', 'stay', 'close']),
      withdrawTimeoutMs: random.pick([50, 500, 3_000]),
      strategy: random.pick(['one_for_one', 'one_for_one', 'one_for_all', 'rest_for_one']),
    };
    const behaviour = random.pick(['done', 'done', 'throw', 'wait', 'hang']);
    this.told.set('', { type: 'health', topic: '', health: 'healthy', seq: 0, at: 0 });
    const intensity = random.pick([0, 1, 5]);
    const onEscalation = random.pick(['stay', 'stay', 'drain']);
    this.keeper = create({
      ...this.drawn,
      clock: this.#faultyClock(),
      random: () => this.#draw(),
      intensity,
      onEscalation: minLifeMs > 0 ? 'stay' : onEscalation,
      notifier: {
        stallAfterMs: patienceMs / 3,
        evictAfterMs: (patienceMs * 2) / 3,
        maxPending: random.pick([2, 5, 100]),
      },
      withdraw: (signal) => this.#withdraw(behaviour, signal),
      admit: () => this.#admit(),
    });
  }

  readonly now = (): number => this.clock.now();
  readonly isRushed = (): boolean => this.rushed;
  readonly isLive = (): boolean => !this.ended;
  /** Whether a peer may be closed by force now (INV-30). */
  readonly mayForce = ({ notice, dismissedAt }: SimulatedPeer): boolean => {
    const { ending } = this;
    if (ending === undefined) return false;
    if (
      this.setBack ||
      ending.cutShort ||
      ending.options.graceMs === 0 ||
      this.now() - ending.startedAt >= ending.options.deadlineMs
    ) {
      return true;
    }
    if (notice === undefined || dismissedAt === undefined) return this.phases.includes('force') || this.graceIsOver();
    return this.now() - dismissedAt >= notice.graceMs;
  };

  readonly after = (ms: number, callback: () => void): (() => void) => {
    this.#ownTimers += 1;
    let armed = true;
    const timer = this.clock.setTimeout(() => {
      cancel();
      callback();
    }, ms);
    const cancel = () => {
      if (armed) this.#ownTimers -= 1;
      armed = false;
      this.clock.clearTimeout(timer);
    };
    return cancel;
  };

  /** Follows a promise that the supervisor gave out. */
  expectSettled(promise: Promise<unknown>): void {
    this.unsettled.add(promise);
    void promise.then(() => this.unsettled.delete(promise));
  }

  /** Timers armed by the supervisor. */
  get pending(): number {
    return this.clock.pending - this.#ownTimers;
  }

  /** Sessions that have not ended, as far as the events say. */
  get openPeers(): number {
    return this.peers.size;
  }

  /** The grace of all is over, whenever a session came. */
  graceIsOver(): boolean {
    const { ending } = this;
    if (ending === undefined) return false;
    return this.now() - ending.startedAt >= ending.options.noticeMs + ending.options.graceMs;
  }

  /** The members of a composite now; none of any other monitor. */
  membersOf(id: string): readonly string[] {
    const { of = [] } = this.compositions.get(id) ?? {};
    if (!('tag' in of)) return of;
    const known = (other: string) => this.targets.has(other) || this.givenUp.has(other);
    return [...this.tags].flatMap(([other, tags]) => (tags.includes(of.tag) && known(other) ? [other] : []));
  }

  /** Draws tags. */
  drawTags(): readonly string[] {
    return tags.filter(() => this.random.chance(0.25));
  }

  /** Draws the planes that depend on a monitor: started and ready with this chance each, live seldom. */
  drawPlanes(chance: number): readonly Plane[] {
    const { random } = this;
    return planes.filter((plane) => random.chance(plane === 'live' ? 0.1 : chance));
  }

  /** Draws options for a monitor that has none of its own. */
  monitorOptions(): Partial<ResolvedMonitorOptions> {
    const { random } = this;
    return {
      intervalMs: random.pick([200, 500, 1_000]),
      timeoutMs: random.pick([50, 150]),
      jitter: random.pick([0, 0.2]),
      failureThreshold: random.pick([1, 1, 2, 3]),
      successThreshold: random.pick([1, 1, 2]),
      startThreshold: random.pick([1, 1, 2]),
      alertAfter: random.pick([-1, 1, 2, 3]),
      startGraceMs: random.pick([0, 0, 0, 700]),
      errorThreshold: random.pick([2, 5]),
      errorIntervalMs: random.pick([800, 2_000]),
      maxIdleMs: random.pick([0, 0, 0, 1_500]),
      maxAgeMs: random.pick([0, 0, 0, 2_000]),
      requiredFor: this.drawPlanes(0.7),
    };
  }

  /** Begins the one drain, or asks for its report again. */
  drain(options: DrainOptions): void {
    const caller = this.random.chance(0.5) ? new AbortController() : undefined;
    const ending = this.#begin({ ...drainDefaults, ...options });
    if (ending.reports.length === 0) this.#caller = caller;
    this.#follow(ending, this.keeper.drain(caller === undefined ? options : { ...options, signal: caller.signal }));
  }

  stop(): void {
    const ending = this.#begin(drainDefaults);
    ending.cutShort = true;
    this.#follow(ending, this.keeper.stop());
  }

  /** Lets the caller of the drain give up on it, where it can. */
  abort(): boolean {
    if (this.#caller === undefined || this.ending === undefined) return false;
    this.ending.cutShort = true;
    this.#caller.abort();
    return true;
  }

  /** Takes note that a drain has begun, of whatever cause. */
  noteDrain(): void {
    this.#begin(drainDefaults);
  }

  #begin(options: ResolvedDrainOptions): Ending {
    this.ending ??= {
      options,
      sinceMs: this.activeMs,
      forcedMs: undefined,
      spread: undefined,
      startedAt: this.now(),
      total: this.openPeers,
      clients: this.clients.filter(({ over }) => !over).length,
      stragglers: 0,
      told: 0,
      evicted: 0,
      cutShort: false,
      reports: [],
      report: undefined,
    };
    return this.ending;
  }

  #follow(ending: Ending, report: Promise<DrainReport>): void {
    ending.reports.push(report);
    this.expectSettled(report);
    void report.then((given) => {
      ending.report ??= given;
      this.violations.expect('INV-34', given === ending.report, () => 'two callers got two reports');
    });
  }

  #faultyClock(): Clock {
    const { clock } = this;
    const check = () => {
      if (!this.clockFails) return;
      this.clockFails = false;
      throw new Error('no time');
    };
    return {
      // Without it slices are times, and a story is another each time it is told.
      partsPerSlice: clock.partsPerSlice,
      now: () => {
        check();
        return clock.now();
      },
      setTimeout: (callback, delayMs) => {
        check();
        return clock.setTimeout(callback, delayMs);
      },
      clearTimeout: (timer) => clock.clearTimeout(timer),
    };
  }

  #draw(): number {
    if (this.crashRate > 0 && this.random.chance(this.crashRate)) throw new Error('no chance');
    return this.random.next();
  }

  #admit(): { retryAfterMs: number } | undefined {
    if (this.load === 'broken') throw new Error('load not known');
    return this.load === 'high' ? { retryAfterMs: 100 } : undefined;
  }

  #withdraw(behaviour: 'done' | 'throw' | 'wait' | 'hang', signal: AbortSignal): void | Promise<void> {
    this.withdrawals += 1;
    this.violations.expect('INV-27', this.withdrawals === 1, () => 'it withdrew twice');
    this.violations.expect('INV-27', this.rushed || [...this.peers].every(({ notice }) => notice === undefined), () => {
      return 'somebody was told to go before it withdrew';
    });
    if (behaviour === 'throw') throw new Error('registry gone');
    if (behaviour === 'done') return;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      if (behaviour === 'wait') this.after(30, resolve);
    });
  }
}
