import { type Health, healths, isReady, worstHealth } from '../model/health.ts';

const none = Object.fromEntries(healths.map((health) => [health, 0])) as Record<Health, number>;

/** One monitor's entry: its health, and whether the whole depends on it. */
interface Entry {
  readonly health: Health;
  readonly required: boolean;
}

/**
 * Index of the health of every monitor, and of all of them as one; reading the whole is O(1) in monitors.
 *
 * Kept outside the supervisor's snapshot, which would be copied with every change.
 */
export class HealthIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #required = new Map<Health, number>();
  readonly #all = new Map<Health, number>();
  /** Of those only that do not take all of their load. */
  readonly #weights = new Map<string, number>();

  /** Sets the health of one monitor, in place of its former one. */
  set(id: string, health: Health, required: boolean): void {
    this.#withdraw(id);
    this.#entries.set(id, { health, required });
    add(this.#all, health, 1);
    if (required) add(this.#required, health, 1);
  }

  /** Changes only whether the whole depends on a monitor. */
  setRequired(id: string, required: boolean): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.set(id, entry.health, required);
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
  }

  #withdraw(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    add(this.#all, entry.health, -1);
    if (entry.required) add(this.#required, entry.health, -1);
  }

  /** The worst health among the required monitors. */
  get overall(): Health {
    return worstHealth(this.#required.keys());
  }

  /** Whether the required monitors allow work. */
  get ready(): boolean {
    return isReady(this.overall);
  }

  /** Whether every required monitor has been judged at least once since it began. */
  get judged(): boolean {
    return !this.#required.has('starting');
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
