import { VirtualClock } from '@watchkeeper/testing';
import {
  createSupervisor,
  type DrainReport,
  defineProbe,
  type RunScope,
  type Service,
  type ServiceOptions,
  type ServiceStopError,
  type Session,
  type Supervisor,
  type Verdict,
} from '../../src/index.ts';

/** One run of a service's function that has not settled. */
interface LiveRun {
  readonly id: string;
  readonly scope: RunScope;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** A random number generator of its own seed, so that a story replays. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tells one random story of services, and returns which laws it broke. */
export async function tellStory(seed: number, create: typeof createSupervisor = createSupervisor): Promise<string[]> {
  const story = new Story(seed, create);
  await story.tell();
  return story.violations;
}

const closeTimeoutMs = 300;
const deadlineMs = 6_000;

class Story {
  readonly violations: string[] = [];
  readonly #random: () => number;
  readonly #clock = new VirtualClock();
  readonly #keeper: Supervisor;
  readonly #dependsOn = new Map<string, readonly string[]>();
  readonly #live = new Map<string, LiveRun>();
  readonly #sessions: Session[] = [];
  /** Ids whose health allows what depends on them to begin, as events say, with when each was lost. */
  readonly #good = new Map<string, number>();
  readonly #done = new Set<string>();
  /** Those that are stopped for good. */
  readonly #leaving = new Set<string>();
  #verdict: Verdict = { status: 'pass' };
  #drained: Promise<DrainReport> | undefined;
  #isCutShort = false;
  #isCalm = false;

  constructor(seed: number, create: typeof createSupervisor) {
    this.#random = randomOf(seed);
    this.#keeper = create({
      clock: this.#clock,
      random: this.#random,
      closeTimeoutMs,
      services: { intensity: 2, periodMs: 20_000 },
      drain: { graceMs: 1_000, deadlineMs },
      startDeadlineMs: 5_000,
    });
    this.#follow();
  }

  async tell(): Promise<void> {
    const keeper = this.#keeper;
    keeper.monitor(
      'db',
      defineProbe('db', async () => this.#verdict),
      { intervalMs: 500, jitter: 0 },
    );
    for (let n = 0; n < 2 + this.#below(6); n += 1) this.#add(n);
    keeper.start();
    for (let step = 0; step < 30 && this.#drained === undefined; step += 1) {
      this.#act();
      await this.#clock.advance(this.#pick([0, 0, 10, 300, 1_500]));
    }
    if (this.#drained === undefined && this.#below(2) === 0) await this.#calmDown();
    await this.#end();
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  #expect(law: string, holds: boolean, words: string): void {
    if (!holds) this.violations.push(`${law}: ${words}`);
  }

  #add(n: number): void {
    const keeper = this.#keeper;
    const id = `s${n}`;
    const others = ['db', ...this.#dependsOn.keys()].filter(
      (other) =>
        this.#random() < 0.35 &&
        !this.#leaving.has(other) &&
        (keeper.serviceOf(other) ?? keeper.monitorOf(other)) !== undefined,
    );
    const options: ServiceOptions = {
      dependsOn: others,
      restart: this.#pick(['permanent', 'permanent', 'transient', 'temporary'] as const),
      quiesceMs: this.#pick([0, 0, 700]),
      shutdownMs: this.#pick([100, 500]),
      startTimeoutMs: 1_000,
      backoff: { minMs: 200, maxMs: 800 },
      ...(this.#random() < 0.3 ? { restartWhen: { unhealthyForMs: 600 } } : {}),
    };
    this.#dependsOn.set(id, others);
    this.#done.delete(id);
    keeper.service(id, (scope) => this.#run(id, scope), options);
  }

  #run(id: string, scope: RunScope): void | Promise<void> {
    this.#expect('INV-80', !this.#live.has(id), `a second run of ${id} begins beside the first`);
    this.#expect('INV-86', this.#drained === undefined, `${id} begins in a drain`);
    if (!this.#isCalm && this.#random() < 0.05) throw new Error('at once');
    return new Promise<void>((resolve, reject) => {
      const settle = (how: () => void) => {
        this.#live.delete(id);
        how();
      };
      const run: LiveRun = {
        id,
        scope,
        resolve: () => settle(resolve),
        reject: (cause) => settle(() => reject(cause)),
      };
      this.#live.set(id, run);
      scope.draining.addEventListener('abort', () => this.#onDraining(run));
      scope.signal.addEventListener('abort', () => this.#onStop(run));
      if (this.#isCalm || this.#random() < 0.8) scope.ready();
    });
  }

  #onDraining(run: LiveRun): void {
    if (this.#isCalm || this.#live.get(run.id) !== run) return;
    const roll = this.#random();
    if (roll < 0.2) run.scope.quiet();
    if (roll > 0.9) run.resolve();
  }

  #onStop(run: LiveRun): void {
    const { id, scope } = run;
    if (this.#live.get(id) !== run) return;
    const { reason } = scope.signal.reason as ServiceStopError;
    this.#expect('INV-85', scope.draining.aborted, `${id} is told to stop before it is told to drain`);
    if ((reason === 'drain' || reason === 'stop') && !this.#isCutShort) {
      for (const [above, below] of this.#dependsOn) {
        const isUp = this.#keeper.serviceOf(above) !== undefined && this.#live.has(above);
        const state = this.#keeper.serviceOf(above)?.state;
        const rests = below.includes(id) && isUp && state !== 'failed' && state !== 'stopped';
        this.#expect('INV-83', !rests, `${id} is told to stop while ${above}, which is ${state}, rests on it`);
      }
    }
    const roll = this.#isCalm ? 0 : this.#random();
    if (roll < 0.6) run.resolve();
    else if (roll < 0.7) run.reject(scope.signal.reason);
    else if (roll < 0.8) run.reject(new Error('while it stopped'));
    // Else it hangs.
  }

  #act(): void {
    const keeper = this.#keeper;
    const run = this.#pick([...this.#live.values(), undefined]);
    const service = keeper.serviceOf(this.#pick([...this.#dependsOn.keys()]));
    switch (this.#below(13)) {
      case 0:
        run?.reject(new Error('crash'));
        break;
      case 1:
        run?.resolve();
        break;
      case 2:
        run?.scope.notReady('so it says');
        break;
      case 3:
        run?.scope.ready();
        break;
      case 4:
        run?.scope.degraded();
        break;
      case 5:
        service?.restart();
        break;
      case 6:
        if (service !== undefined) this.#stop(service);
        break;
      case 7:
        this.#verdict = { status: this.#verdict.status === 'pass' ? 'fail' : 'pass' };
        keeper.monitorOf('db')?.check();
        break;
      case 8: {
        const slot = keeper.reserve('client');
        if (slot.reserved) this.#sessions.push(slot.open({ goaway() {}, close() {} }));
        break;
      }
      case 9:
        this.#sessions.pop()?.end();
        break;
      case 10:
        this.#add(this.#dependsOn.size);
        break;
      case 11:
        if (this.#random() < 0.2) this.#begin(() => keeper.drain({ graceMs: this.#pick([0, 1_000]) }));
        break;
      default:
        if (this.#random() > 0.05) return;
        this.#isCutShort = true;
        this.#begin(() => keeper.stop());
    }
  }

  /** Stops a service, and all that rest on it. */
  #stop(service: Service): void {
    this.#leaving.add(service.id);
    for (const [above, below] of this.#dependsOn) {
      if (below.some((other) => this.#leaving.has(other))) this.#leaving.add(above);
    }
    void service.stop();
  }

  #begin(end: () => Promise<DrainReport>): void {
    this.#drained = end();
  }

  /** With all well, whatever may begin does (INV-82). */
  async #calmDown(): Promise<void> {
    this.#isCalm = true;
    this.#verdict = { status: 'pass' };
    this.#keeper.monitorOf('db')?.check();
    for (const run of this.#live.values()) {
      if (run.scope.signal.aborted) run.resolve();
      else run.scope.ready();
    }
    await this.#clock.advance(10_000);
    for (const { id, state, waitsFor } of this.#keeper.services()) {
      const isRight = state === 'running' || state === 'failed' || (state === 'waiting' && waitsFor?.length !== 0);
      this.#expect('INV-82', isRight, `${id} is ${state} although all is well`);
    }
  }

  async #end(): Promise<void> {
    const keeper = this.#keeper;
    const services = keeper.services().filter(({ state }) => state !== 'failed').length;
    const isOurs = this.#drained === undefined;
    if (isOurs) this.#begin(() => keeper.drain());
    let report: DrainReport | undefined;
    void this.#drained?.then((ended) => {
      report = ended;
    });
    await this.#clock.advance(0);
    if (this.#below(4) === 0) {
      await this.#clock.advance(this.#below(2_000));
      if (report === undefined) {
        this.#isCutShort = true;
        void keeper.stop();
      }
    }
    // Whoever is left at the deadline is told at once, in no order.
    const left = deadlineMs - 1;
    await this.#clock.advance(left);
    this.#isCutShort = true;
    await this.#clock.advance(deadlineMs + closeTimeoutMs + 1_000);
    this.#expect('INV-88', report !== undefined, 'the drain has not ended');
    if (report === undefined) return;
    const { total, stopped, forced, failed } = report.services;
    this.#expect('INV-103', stopped + forced + failed === total, JSON.stringify(report.services));
    if (isOurs) this.#expect('INV-103', total === services, `${total} in the report, ${services} there were`);
    this.#expect('INV-28', report.durationMs <= deadlineMs + closeTimeoutMs + 1, `took ${report.durationMs} ms`);
    this.#expect('INV-79', this.#clock.pending === 0, `${this.#clock.pending} timers are armed`);
    const alive = [...keeper.actors()].filter(({ kind }) => kind === 'service');
    this.#expect('INV-88', alive.length === 0, `${alive.length} services are left`);
  }

  /** Follows health by events: what a service depends on was good when it began (INV-81), and changes are changes (INV-101). */
  #follow(): void {
    this.#keeper.events$.subscribe((event) => {
      if (event.type === 'health.changed') {
        this.#expect('INV-101', event.from !== event.to, `${event.id} changes from ${event.from} to itself`);
        if (event.to === 'healthy' || event.to === 'degraded') this.#good.set(event.id, Number.POSITIVE_INFINITY);
        else if (this.#good.get(event.id) === Number.POSITIVE_INFINITY) this.#good.set(event.id, event.at);
      }
      if (event.type === 'actor.ended' && event.kind === 'service' && event.reason === 'done') this.#done.add(event.id);
      if (event.type !== 'service.entered' || event.state !== 'starting') return;
      for (const other of this.#dependsOn.get(event.id) ?? []) {
        const wasGood = this.#done.has(other) || (this.#good.get(other) ?? -1) >= event.at;
        this.#expect('INV-81', wasGood, `${event.id} begins, and ${other} is not ready`);
      }
    });
  }
}
