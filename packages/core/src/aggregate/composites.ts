import { UndecidedError } from '../errors.ts';
import { defineProbe, type Probe } from '../model/probe.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Composition, judgeMembers } from './composition.ts';
import { DirectedGraph } from './directedGraph.ts';
import type { HealthIndex } from './healthIndex.ts';

/** The composites of one supervisor, found by their members. */
export class Composites {
  readonly members = new DirectedGraph();
  readonly #compositions = new Map<string, Composition>();
  readonly #healthIndex: HealthIndex;

  constructor(healthIndex: HealthIndex) {
    this.#healthIndex = healthIndex;
  }

  /** Returns a probe that judges the present health of the members. */
  probeOf(composition: Composition): Probe {
    return defineProbe('composite', async () => {
      const verdict = this.#judge(composition);
      if (verdict === undefined) throw new UndecidedError('too little is known of its members');
      return verdict;
    });
  }

  /** Adds a composite. */
  set(id: string, composition: Composition): void {
    this.#compositions.set(id, composition);
    this.members.setDependencies(id, composition.of);
  }

  /** Removes a composite; the id of any other monitor changes nothing. */
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
      of.map((id) => ({ id, health: this.#healthIndex.healthOf(id), weight: this.#healthIndex.weightOf(id) })),
      need,
    );
  }
}
