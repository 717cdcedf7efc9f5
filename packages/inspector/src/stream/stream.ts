import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@watchkeeper/core';
import type { AllowedEvents } from '../commands/allowedEvents.ts';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { CommandName } from '../protocol/clientMessage.ts';
import type { EventRecorder } from '../record/eventRecorder.ts';
import type { ActorSource } from './actorSource.ts';
import { ActorTable, type Missed } from './actorTable.ts';
import type { Viewer } from './viewer.ts';

/** Input of the stream. */
export type StreamInput = {
  readonly supervisor: Pick<
    InspectedSupervisor,
    'name' | 'stats' | 'monitorOf' | 'coverage' | 'peek' | 'chartOf' | 'inspect'
  >;
  readonly source: ActorSource;
  readonly recorder: EventRecorder;
  /** Whether events are recorded while no page is open, too. */
  readonly remembersAlways: boolean;
  /** Commands that a page may send. */
  readonly commands: readonly CommandName[];
  /** Events that a page may send to actors; missing where none are allowed. */
  readonly events?: Pick<AllowedEvents, 'machines' | 'eventsOf'> | undefined;
  readonly clock: Clock;
  readonly tickMs: number;
  /** Monotonic time that the cost of a tick is measured with, in milliseconds. */
  readonly stopwatch: () => number;
  /** Id of this run of the program: a page that reconnects sees whether it is the same. */
  readonly epoch: string;
};

const figuresEveryMs = 250;

/** Interval at which the event loop is sampled, in milliseconds: each sample wakes it. */
const loopSampleMs = 40;

/** A tick may take this share of the time between two ticks. */
const costShare = 1 / 200;

/** Longest time between two ticks, whatever they cost. */
const longestTickMs = 1_000;

/** Reads the actors while, and only while, a page is open, and sends each viewer what it has missed. */
export class Stream {
  readonly #input: StreamInput;
  readonly #table = new ActorTable();
  readonly #viewers = new Set<Viewer>();
  #loopDelay: IntervalHistogram | undefined;
  #timer: unknown;
  #tickCostMs = 0;
  #failures = 0;
  #figuresAt = 0;
  #rateFrom = { at: 0, changes: 0 };
  #changesPerSecond = 0;

  constructor(input: StreamInput) {
    this.#input = input;
    if (input.remembersAlways) input.recorder.begin();
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Adds a viewer: it is sent everything at once, and every change from then on. */
  add(viewer: Viewer): void {
    const { supervisor, clock, epoch, commands, events } = this.#input;
    this.#viewers.add(viewer);
    viewer.send({
      type: 'hello',
      app: supervisor.name,
      epoch,
      at: clock.now(),
      commands,
      machines: events?.machines ?? [],
    });
    if (this.#timer === undefined) this.#begin();
    this.#tick();
  }

  /** Removes a viewer; after the last one nothing is read any more. */
  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    viewer.feed.follow(undefined);
    if (this.#viewers.size === 0) this.#rest();
  }

  /** Sends every viewer what it has missed, the last time; then removes all viewers and stops, for good. */
  close(): void {
    if (this.#viewers.size > 0) this.#tick();
    for (const viewer of this.#viewers) viewer.feed.follow(undefined);
    this.#viewers.clear();
    this.#rest();
    this.#input.recorder.end();
  }

  #rest(): void {
    if (!this.#input.remembersAlways) this.#input.recorder.end();
    this.#input.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#loopDelay?.disable();
    this.#loopDelay = undefined;
  }

  #begin(): void {
    this.#input.recorder.begin();
    this.#loopDelay = monitorEventLoopDelay({ resolution: loopSampleMs });
    this.#loopDelay.enable();
    this.#rateFrom = { at: this.#input.clock.now(), changes: this.#table.changes };
  }

  /** Reads and sends once. A failure is counted and stays in here: the watched program must not notice. */
  #tick(): void {
    const { clock, tickMs, stopwatch } = this.#input;
    clock.clearTimeout(this.#timer);
    const startedAt = stopwatch();
    try {
      this.#look();
    } catch {
      this.#failures += 1;
    }
    this.#tickCostMs = stopwatch() - startedAt;
    const costBoundMs = Math.min(this.#tickCostMs / costShare, longestTickMs);
    this.#timer = clock.setTimeout(() => this.#tick(), Math.max(tickMs, costBoundMs));
  }

  #look(): void {
    const { source, clock, recorder, supervisor, events } = this.#input;
    const at = clock.now();
    this.#table.begin();
    source.read(this.#table);
    const missedSince = new Map<number, Missed>();
    for (const viewer of this.#viewers) {
      if (viewer.lags) {
        viewer.skip();
        continue;
      }
      const { revision } = viewer;
      const missed = missedSince.get(revision) ?? this.#table.since(revision, at);
      missedSince.set(revision, missed);
      viewer.show(this.#table, missed, (kind) => supervisor.chartOf?.(kind));
      viewer.feed.send(viewer.send, { table: this.#table, recorder, supervisor, events, at });
    }
    if (at - this.#figuresAt >= figuresEveryMs) this.#tellFigures(at);
  }

  #tellFigures(at: number): void {
    this.#figuresAt = at;
    const { changes, size } = this.#table;
    const passedMs = at - this.#rateFrom.at;
    if (passedMs >= 1_000) {
      this.#changesPerSecond = Math.round(((changes - this.#rateFrom.changes) * 1_000) / passedMs);
      this.#rateFrom = { at, changes };
    }
    const figures = {
      actors: size,
      changesPerSecond: this.#changesPerSecond,
      tickMs: this.#tickCostMs,
      loopP99Ms: (this.#loopDelay?.percentile(99) ?? 0) / 1e6,
      failures: this.#failures + this.#input.recorder.failures,
      redactions: this.#input.recorder.journal.redactions,
      viewers: this.#viewers.size,
      lost: this.#input.supervisor.stats().lost,
    };
    for (const viewer of this.#viewers) {
      const { bytesSent, ticksSkipped } = viewer;
      if (!viewer.lags) viewer.send({ type: 'figures', figures: { ...figures, bytesSent, ticksSkipped } });
    }
  }
}
