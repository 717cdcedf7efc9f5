import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ServerMessage } from '../protocol/serverMessage.ts';
import type { ShownKind } from '../protocol/shownActor.ts';
import { pathOf, takenEdgeOf } from '../record/stepOfObservation.ts';

/** Coverage is sent at most this often, in milliseconds. */
const everyMs = 1_000;

/** Sends a page the coverage of the chart it asked for, again only when it has grown. */
export class CoverageFeed {
  #kind: ShownKind | undefined;
  #toldAt = 0;
  #size = -1;

  /** Follows the chart of another kind from now on, or none. */
  follow(kind: ShownKind | undefined): void {
    this.#kind = kind;
    this.#toldAt = 0;
    this.#size = -1;
  }

  /** Returns the coverage, if it is due and has grown. */
  news(supervisor: Pick<InspectedSupervisor, 'coverage'>, at: number): ServerMessage | undefined {
    const kind = this.#kind;
    if (kind === undefined || at - this.#toldAt < everyMs) return undefined;
    this.#toldAt = at;
    const { states, transitions } = supervisor.coverage?.(kind) ?? { states: [], transitions: [] };
    const size = states.length + transitions.length;
    // What was taken stays so: it can only grow.
    if (size === this.#size) return undefined;
    this.#size = size;
    const taken = transitions.map((edge) => takenEdgeOf(edge, edge.guard));
    return { type: 'coverage', kind, states: states.map(pathOf), taken };
  }
}
