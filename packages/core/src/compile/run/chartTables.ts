import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate';
import { Chart, type ChartOptions } from '../build/chart.ts';
import { type ChartSnapshot, configurationOf } from './chartSnapshot.ts';
import type { Configuration, Covered } from './configuration.ts';
import { ConfigurationTable, type TableLimits } from './configurationTable.ts';

/** How a machine is compiled. */
export interface TableOptions extends ChartOptions, TableLimits {}

/**
 * The tables of a machine for the implementations it has now.
 *
 * XState's hosts replace the implementations of a machine whose actors run: React does at each rendering. The chart is
 * then compiled again, at the next event, and its actors go on in the states they are in.
 */
export class ChartTables {
  readonly machine: AnyStateMachine;
  /** What was used of the chart, whatever its implementations. */
  readonly coverage: Covered = { nodes: new Set(), transitions: new Set() };
  readonly #options: TableOptions;
  #implementations: AnyStateMachine['implementations'];
  /** Unset when the implementations were replaced and no event has come since. */
  #table: ConfigurationTable | undefined;

  constructor(machine: AnyStateMachine, options: TableOptions) {
    this.machine = machine;
    this.#options = options;
    this.#implementations = machine.implementations;
    this.#table = this.#compile();
  }

  /** The implementations its tables are made with. */
  get implementations(): AnyStateMachine['implementations'] {
    return this.#implementations;
  }

  set implementations(implementations: AnyStateMachine['implementations']) {
    this.machine.implementations = implementations;
    if (!areSame(this.#implementations, implementations)) this.#table = undefined;
    this.#implementations = implementations;
  }

  get table(): ConfigurationTable {
    this.#table ??= this.#compile();
    return this.#table;
  }

  /** The configuration of a snapshot that has tables of now; unset for one of earlier tables or of another maker. */
  currentOf(snapshot: ChartSnapshot | AnyMachineSnapshot): Configuration | undefined {
    const configuration = configurationOf(snapshot);
    return configuration?.generation === this.#table?.generation ? configuration : undefined;
  }

  /** The configuration of a snapshot, whoever made it, with the tables of now. */
  configurationOf(snapshot: ChartSnapshot | AnyMachineSnapshot): Configuration {
    const { table } = this;
    const nodesOf = (stateNodes: readonly AnyStateNode[]) => stateNodes.map(({ id }) => table.chart.node(id));
    const historyValue = snapshot.historyValue as Record<string, AnyStateNode[]>;
    const history = new Map(Object.entries(historyValue).map(([id, nodes]) => [id, nodesOf(nodes)]));
    return table.configuration(nodesOf(snapshot._nodes), history);
  }

  #compile(): ConfigurationTable {
    return new ConfigurationTable(new Chart(this.machine, this.#options), this.coverage, this.#options);
  }
}

type Named = Readonly<Record<string, unknown>>;

/** Whether two sets of implementations give every name the same meaning. */
function areSame(left: AnyStateMachine['implementations'], right: AnyStateMachine['implementations']): boolean {
  return (['actions', 'guards', 'actors', 'delays'] as const).every((kind) => {
    const [before, after] = [left[kind] as Named, right[kind] as Named];
    const names = Object.keys(before);
    return (
      names.length === Object.keys(after).length &&
      names.every((name) => Object.hasOwn(after, name) && before[name] === after[name])
    );
  });
}
