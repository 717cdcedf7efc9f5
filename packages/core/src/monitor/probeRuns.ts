import { heldUpBy } from '../model/heldUp.ts';
import type { Probe } from '../model/probe.ts';

/**
 * The runs of probes that are under way, of all monitors. A run may outlast its check, where its probe does not heed its
 * signal.
 */
export class ProbeRuns {
  /** The probes under way of each monitor, by its id: more than one only after its probe was replaced. */
  readonly #underWay = new Map<string, readonly Probe[]>();
  /** The signal of the latest run of each monitor. */
  readonly #signals = new Map<string, AbortSignal>();
  /** What each monitor waits for; it waits for one run at a time. */
  readonly #waiting = new Map<string, { readonly probe: Probe; readonly ended: () => void }>();

  /** Number of monitors with a run under way. */
  get size(): number {
    return this.#underWay.size;
  }

  isUnderWay(id: string, probe: Probe): boolean {
    return this.#underWay.get(id)?.includes(probe) ?? false;
  }

  begin(id: string, probe: Probe, signal: AbortSignal): void {
    this.#signals.set(id, signal);
    const others = this.#underWay.get(id);
    this.#underWay.set(id, others === undefined ? [probe] : [...others, probe]);
  }

  end(id: string, probe: Probe): void {
    const left = (this.#underWay.get(id) ?? []).filter((each) => each !== probe);
    if (left.length > 0) this.#underWay.set(id, left);
    else {
      this.#underWay.delete(id);
      this.#signals.delete(id);
    }
    const waiting = this.#waiting.get(id);
    if (waiting?.probe !== probe) return;
    this.#waiting.delete(id);
    waiting.ended();
  }

  /** What holds the latest run of this monitor up, in words; `undefined` where it proceeds. */
  heldUpBy(id: string): string | undefined {
    const signal = this.#signals.get(id);
    return signal && heldUpBy(signal);
  }

  /** Calls `ended` once when the run of `probe` ends, unless this monitor waits for something else by then. */
  whenEnded(id: string, probe: Probe, ended: () => void): void {
    this.#waiting.set(id, { probe, ended });
  }

  /** Waits no longer. */
  forget(id: string): void {
    this.#waiting.delete(id);
  }
}
