import { type Health, healths, isReady, worstHealth } from '../model/health.ts';
import { type Plane, planes } from '../model/plane.ts';

const none = Object.fromEntries(healths.map((health) => [health, 0])) as Record<Health, number>;

/** One monitor's entry: its health, and the planes that depend on it. */
interface Entry {
  readonly health: Health;
  /** What counts for it: in a pause what is assumed, and else its health. */
  readonly counted: Health;
  readonly requiredFor: readonly Plane[];
}

/**
 * Index of the health of every monitor, and of all of them as one; reading the whole is O(1) in monitors.
 *
 * Kept outside the supervisor's snapshot, which would be copied with every change.
 */
export class HealthIndex {
  readonly #entries = new Map<string, Entry>();
  /** How many monitors of each health a plane depends on. */
  readonly #required = Object.fromEntries(planes.map((plane) => [plane, new Map<Health, number>()])) as Record<
    Plane,
    Map<Health, number>
  >;
  readonly #all = new Map<Health, number>();
  /** Monitors that began with a health of their own, and have not been asked yet. */
  readonly #unasked = new Set<string>();
  /** Of those only that do not take all of their load. */
  readonly #weights = new Map<string, number>();

  /** Sets the health of one monitor, in place of its former one. */
  set(id: string, health: Health, requiredFor: readonly Plane[], counted: Health = health): void {
    this.#withdraw(id);
    this.#entries.set(id, { health, counted, requiredFor });
    add(this.#all, health, 1);
    for (const plane of requiredFor) add(this.#required[plane], counted, 1);
  }

  /** Changes only what counts for a monitor in its pause. */
  assume(id: string, counted: Health): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.set(id, entry.health, entry.requiredFor, counted);
  }

  /** What counts for one monitor: in a pause what is assumed of it, and else its health. */
  countedOf(id: string): Health | undefined {
    return this.#entries.get(id)?.counted;
  }

  /** Changes only which planes depend on a monitor. */
  setRequiredFor(id: string, requiredFor: readonly Plane[]): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.set(id, entry.health, requiredFor, entry.counted);
  }

  /** Says of a monitor that its health is none that a check has found. */
  awaitVerdict(id: string): void {
    this.#unasked.add(id);
  }

  /** Says that a monitor has been asked, or is not what it began as. */
  noteVerdict(id: string): void {
    this.#unasked.delete(id);
  }

  /** Whether a monitor's first verdict is waited for. */
  awaitsVerdict(id: string): boolean {
    return this.#unasked.has(id);
  }

  /** The present health of one monitor. */
  healthOf(id: string): Health | undefined {
    return this.#entries.get(id)?.health;
  }

  /** Sets how much of its load one monitor's target takes; returns whether that changed. */
  setWeight(id: string, weight: number): boolean {
    if (weight === this.weightOf(id)) return false;
    if (weight === 1) this.#weights.delete(id);
    else this.#weights.set(id, weight);
    return true;
  }

  /** How much of its load one monitor's target takes: all, unless it said otherwise. */
  weightOf(id: string): number {
    return this.#weights.get(id) ?? 1;
  }

  /** Removes one monitor. */
  remove(id: string): void {
    this.#withdraw(id);
    this.#weights.delete(id);
    this.#unasked.delete(id);
  }

  #withdraw(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    add(this.#all, entry.health, -1);
    for (const plane of entry.requiredFor) add(this.#required[plane], entry.counted, -1);
  }

  /** The worst health among the monitors that are required for `ready`. */
  get overall(): Health {
    return worstHealth(this.#required.ready.keys());
  }

  /** Whether the monitors that are required for `ready` allow work. */
  get ready(): boolean {
    return isReady(this.overall);
  }

  /** Whether every monitor that is required for `started` has been judged at least once since it began. */
  get judged(): boolean {
    if (this.#required.started.has('starting')) return false;
    for (const id of this.#unasked) if (this.#entries.get(id)?.requiredFor.includes('started') === true) return false;
    return true;
  }

  /** Ids of those that are required for `started` and have not been judged. */
  get unjudged(): readonly string[] {
    return Array.from(this.#entries)
      .filter(([, { health, requiredFor }]) => health === 'starting' && requiredFor.includes('started'))
      .map(([id]) => id);
  }

  /** Whether no monitor that is required for `live` is past a threshold of failures; nothing else ends a program. */
  get live(): boolean {
    const { live } = this.#required;
    return !live.has('unhealthy') && !live.has('error');
  }

  /** How many monitors there are of each health. */
  counts(): Record<Health, number> {
    const counts = { ...none };
    for (const [health, count] of this.#all) counts[health] = count;
    return counts;
  }
}

function add(counts: Map<Health, number>, health: Health, change: 1 | -1): void {
  const count = (counts.get(health) ?? 0) + change;
  if (count === 0) counts.delete(health);
  else counts.set(health, count);
}
