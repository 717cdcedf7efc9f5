import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Changes } from '../../../src/protocol/changeFrame.ts';
import type { CommandName } from '../../../src/protocol/clientMessage.ts';
import type { Operation } from '../../../src/protocol/operation.ts';
import type { EnteredActor, ServerMessage, StateEntry, StreamFigures } from '../../../src/protocol/serverMessage.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import { actorStatuses, statusAt } from './actorStatus.ts';
import type { Recording } from './recording.ts';
import { activePaths, stateLabel } from './stateLabel.ts';
import { StatusHistory } from './statusHistory.ts';

type CoverageMessage = Extract<ServerMessage, { type: 'coverage' }>;

/** One actor: the constant part of its row, by slot. */
export type ActorRow = {
  readonly slot: number;
  readonly kind: ShownKind;
  readonly name: string;
  readonly actorId: string;
};

/** Count of changes from one state to another. */
export type Flow = { readonly before: readonly string[]; readonly after: readonly string[]; readonly times: number };

/** All actors the page knows, as columns by slot: a change writes three numbers and no object. */
export class Actors {
  readonly rows: (ActorRow | undefined)[] = [];
  readonly history = new StatusHistory();
  states = new Uint16Array(1_024);
  statuses = new Uint8Array(1_024);
  /** Time of the last change of state by the program's clock; 0 for none since the page was opened. */
  changedAt = new Float64Array(1_024);
  app = '';
  epoch = '';
  ready = false;
  figures: StreamFigures | undefined;
  operations: readonly Operation[] = [];
  /** Charts of the kinds of a plain XState program. */
  readonly graphs = new Map<ShownKind, ChartGraph>();
  /** Coverage of the charts that were asked for. */
  readonly coverage = new Map<ShownKind, Pick<CoverageMessage, 'states' | 'taken'>>();
  /** Commands that this page may send. */
  commands: readonly CommandName[] = [];
  /** Ids of the machines to whose actors this page may send events. */
  machines: readonly string[] = [];
  /** Grows when actors are added or removed. */
  actorsVersion = 0;
  /** Grows with every change of a status. */
  statusVersion = 0;
  /** Lead of the program's clock over ours, in milliseconds. */
  #clockAheadMs = 0;
  #stoppedAt: number | undefined;
  #entries: StateEntry[] = [];
  #paths: string[][] = [];
  #size = 0;
  readonly #statusCounts = new Uint32Array(actorStatuses.length);
  #stateCounts = new Uint32Array(256);
  /** Count of each change of state since it was last taken; the key holds both state numbers. */
  readonly #flows = new Map<number, number>();
  readonly #changeListeners = new Set<(slot: number) => void>();

  get size(): number {
    return this.#size;
  }

  /** The current time of the program's clock. */
  get now(): number {
    return this.#stoppedAt ?? Date.now() + this.#clockAheadMs;
  }

  /** Shows the actor of a recording, at a time that stands still. */
  loadRecording({ app, at, graph, actor: { kind, name, actorId, value, status } }: Recording): void {
    this.begin(app, 'recording', at);
    this.#stoppedAt = at;
    if (graph !== undefined) this.graphs.set(kind, graph);
    this.commands = [];
    this.machines = [];
    this.figures = undefined;
    this.operations = [];
    this.addStates(0, [[kind, value]]);
    this.add([[0, kind, name, actorId, 0, actorStatuses.indexOf(status)]]);
    this.ready = true;
  }

  /** Calls `listener` with each slot whose state changed. */
  onChange(listener: (slot: number) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Clears everything for a new connection. */
  begin(app: string, epoch: string, at: number): void {
    this.app = app;
    this.epoch = epoch;
    this.ready = false;
    this.#stoppedAt = undefined;
    this.#clockAheadMs = at - Date.now();
    this.rows.length = 0;
    this.#entries = [];
    this.#paths = [];
    this.#size = 0;
    this.#statusCounts.fill(0);
    this.#stateCounts.fill(0);
    this.changedAt.fill(0);
    this.#flows.clear();
    this.coverage.clear();
    this.graphs.clear();
    this.history.clear();
    this.actorsVersion += 1;
    this.statusVersion += 1;
  }

  addStates(from: number, entries: readonly StateEntry[]): void {
    for (const [offset, entry] of entries.entries()) {
      this.#entries[from + offset] = entry;
      this.#paths[from + offset] = activePaths(entry[1]);
    }
    if (this.#entries.length > this.#stateCounts.length) {
      const larger = new Uint32Array(this.#entries.length * 2);
      larger.set(this.#stateCounts);
      this.#stateCounts = larger;
    }
  }

  add(actors: readonly EnteredActor[]): void {
    for (const [slot, kind, name, actorId, state, status] of actors) {
      this.#leave(slot);
      this.#makeRoom(slot);
      this.rows[slot] = { slot, kind, name, actorId };
      this.states[slot] = state;
      this.statuses[slot] = status;
      this.changedAt[slot] = 0;
      this.#size += 1;
      this.#count(slot, 1);
      this.history.begin(slot, status, this.now);
    }
    this.actorsVersion += 1;
    this.statusVersion += 1;
  }

  remove(slots: readonly number[]): void {
    for (const slot of slots) this.#leave(slot);
    this.actorsVersion += 1;
    this.statusVersion += 1;
  }

  change({ at, slots, states, statuses: changed }: Changes): void {
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index] as number;
      if (this.rows[slot] === undefined) continue;
      const status = changed[index] as number;
      this.#count(slot, -1);
      if (status !== this.statuses[slot]) {
        this.statusVersion += 1;
        this.history.note(slot, this.statuses[slot] as number, status, at);
      }
      const flow = (this.states[slot] ?? 0) * 65_536 + (states[index] as number);
      this.#flows.set(flow, (this.#flows.get(flow) ?? 0) + 1);
      this.states[slot] = states[index] as number;
      this.statuses[slot] = status;
      this.changedAt[slot] = at;
      this.#count(slot, 1);
      for (const listener of this.#changeListeners) listener(slot);
    }
  }

  /** Returns the changes of state of actors of `kind` since the last call. */
  takeFlows(kind: ShownKind): readonly Flow[] {
    const flows: Flow[] = [];
    for (const [flow, times] of this.#flows) {
      const [from, to] = [Math.floor(flow / 65_536), flow % 65_536];
      if (this.#entries[to]?.[0] !== kind) continue;
      flows.push({ before: this.#paths[from] ?? [], after: this.#paths[to] ?? [], times });
      this.#flows.delete(flow);
    }
    return flows;
  }

  statusCount(status: number): number {
    return this.#statusCounts[status] ?? 0;
  }

  /** Returns the state value of the actor in `slot`. */
  statesOf(slot: number): StateEntry[1] {
    return this.#entries[this.states[slot] ?? 0]?.[1] ?? '';
  }

  /** Returns the paths of the active states of the actor in `slot`. */
  pathsOf(slot: number): readonly string[] {
    return this.#paths[this.states[slot] ?? 0] ?? [];
  }

  /** Returns the slot of an actor, while it is there. */
  slotOf(actorId: string): number | undefined {
    return this.rows.find((actor) => actor?.actorId === actorId)?.slot;
  }

  /** Returns the label of the state of the actor in `slot`: at most `most` names, its status first. */
  stateLabelOf(slot: number, most = 9): string {
    const entry = this.#entries[this.states[slot] ?? 0];
    return entry === undefined ? '' : stateLabel(entry[1], statusAt(this.statuses[slot] ?? 0), most);
  }

  /** The kinds of which an actor was seen. */
  get kinds(): readonly ShownKind[] {
    return Array.from(new Set(this.#entries.map(([kind]) => kind)));
  }

  /** Returns the paths of every state in which an actor of `kind` was seen. */
  seenPaths(kind: ShownKind): ReadonlySet<string> {
    return new Set(this.#entries.flatMap(([of], number) => (of === kind ? (this.#paths[number] ?? []) : [])));
  }

  /** Returns the number of actors of `kind` in each of its states, by path; `''` counts them all. */
  headCounts(kind: ShownKind): ReadonlyMap<string, number> {
    const counts = new Map<string, number>([['', 0]]);
    for (const [number, [entryKind]] of this.#entries.entries()) {
      const heads = this.#stateCounts[number] ?? 0;
      if (entryKind !== kind) continue;
      counts.set('', (counts.get('') ?? 0) + heads);
      for (const path of this.#paths[number] ?? []) counts.set(path, (counts.get(path) ?? 0) + heads);
    }
    return counts;
  }

  #leave(slot: number): void {
    if (this.rows[slot] === undefined) return;
    this.#count(slot, -1);
    this.rows[slot] = undefined;
    this.#size -= 1;
  }

  #count(slot: number, by: 1 | -1): void {
    const [state, status] = [this.states[slot] ?? 0, this.statuses[slot] ?? 0];
    this.#stateCounts[state] = (this.#stateCounts[state] ?? 0) + by;
    this.#statusCounts[status] = (this.#statusCounts[status] ?? 0) + by;
  }

  #makeRoom(slot: number): void {
    if (slot < this.states.length) return;
    const length = Math.max(slot + 1, this.states.length * 2);
    const [states, statusColumn, changedAt] = [
      new Uint16Array(length),
      new Uint8Array(length),
      new Float64Array(length),
    ];
    states.set(this.states);
    statusColumn.set(this.statuses);
    changedAt.set(this.changedAt);
    [this.states, this.statuses, this.changedAt] = [states, statusColumn, changedAt];
  }
}
