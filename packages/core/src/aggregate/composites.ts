import { UndecidedError } from '../errors.ts';
import { defineProbe, type Probe } from '../model/probe.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Composition, judgeMembers } from './composition.ts';
import { Relations } from './directedGraph.ts';
import type { HealthLedger } from './healthIndex.ts';

/** The composites of one supervisor, found by their members. */
export class Composites {
  readonly members = new Relations();
  readonly #compositions = new Map<string, Composition>();
  readonly #ledger: HealthLedger;

  constructor(ledger: HealthLedger) {
    this.#ledger = ledger;
  }

  /** A probe that asks no further than the health of the members. */
  probeOf(composition: Composition): Probe {
    return defineProbe('composite', async () => {
      const verdict = this.#judge(composition);
      if (verdict === undefined) throw new UndecidedError('too little is known of its members');
      return verdict;
    });
  }

  /** Enters a composite. */
  enter(id: string, composition: Composition): void {
    this.#compositions.set(id, composition);
    this.members.enter(id, composition.of);
  }

  /** Forgets a composite; an id of any other monitor changes nothing. */
  remove(id: string): void {
    this.#compositions.delete(id);
    this.members.remove(id);
  }

  /** Whether nothing can be said of a composite now. */
  isUnknown(id: string): boolean {
    const composition = this.#compositions.get(id);
    return composition !== undefined && this.#judge(composition) === undefined;
  }

  #judge({ of, need }: Composition): Verdict | undefined {
    return judgeMembers(
      of.map((id) => ({ id, health: this.#ledger.healthOf(id), weight: this.#ledger.weightOf(id) })),
      need,
    );
  }
}
