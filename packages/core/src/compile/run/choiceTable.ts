import type { Chart } from '../build/chart.ts';
import { matchesWildcard } from '../semantics/matching.ts';

/** What may be done for an event type, by the type; types the chart does not name share one entry per set of wildcards. */
export class ChoiceTable<TChoice> {
  readonly #chart: Pick<Chart, 'descriptors' | 'partialWildcards'>;
  readonly #make: (eventType: string) => TChoice;
  readonly #named = new Map<string, TChoice>();
  readonly #others = new Map<string, TChoice>();
  /** Of a type that neither a name nor a partial wildcard of the chart matches. */
  #unheardOf: TChoice | undefined;

  constructor(chart: Pick<Chart, 'descriptors' | 'partialWildcards'>, make: (eventType: string) => TChoice) {
    this.#chart = chart;
    this.#make = make;
  }

  of(eventType: string): TChoice {
    return this.#named.get(eventType) ?? this.#find(eventType);
  }

  clear(): void {
    this.#named.clear();
    this.#others.clear();
    this.#unheardOf = undefined;
  }

  #find(eventType: string): TChoice {
    const { descriptors, partialWildcards } = this.#chart;
    if (partialWildcards.length === 0 && !descriptors.has(eventType)) {
      this.#unheardOf ??= this.#make(eventType);
      return this.#unheardOf;
    }
    const isNamed = descriptors.has(eventType) || partialWildcards.includes(eventType);
    const choices = isNamed ? this.#named : this.#others;
    const key = isNamed
      ? eventType
      : partialWildcards.filter((wildcard) => matchesWildcard(eventType, wildcard)).join();
    let choice = choices.get(key);
    if (choice === undefined) {
      choice = this.#make(eventType);
      choices.set(key, choice);
    }
    return choice;
  }
}
