import type { ChartGraph } from '../chart/chartGraph.ts';
import { encodeChanges } from '../protocol/changeFrame.ts';
import type { ServerMessage, StateEntry } from '../protocol/serverMessage.ts';
import { isForeign, type ShownKind } from '../protocol/shownActor.ts';
import { ActorFeed } from './actorFeed.ts';
import type { ActorTable, Missed } from './actorTable.ts';

type ChartOf = (kind: ShownKind) => ChartGraph | undefined;

/** The part of a WebSocket that a viewer needs. */
export interface Socket {
  readonly bufferedAmount: number;
  send(frame: string | Uint8Array): void;
}

/** A page with more unread bytes than this is skipped until it has caught up. */
export const mostUnreadBytes = 1_000_000;

/** Actors sent in one message, so that the first rows show before the last have come. */
const actorsPerMessage = 4_096;

/** One open page: the revision it has seen, and what it was sent. */
export class Viewer {
  /** Feed of the actor it watches. */
  readonly feed = new ActorFeed();
  readonly #socket: Socket;
  readonly #charts = new Set<ShownKind>();
  #revision = 0;
  #states = 0;
  #bytesSent = 0;
  #ticksSkipped = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The revision of the table this page last saw. */
  get revision(): number {
    return this.#revision;
  }

  get bytesSent(): number {
    return this.#bytesSent;
  }

  get ticksSkipped(): number {
    return this.#ticksSkipped;
  }

  /** Whether the page reads too slowly to be sent more now. */
  get lags(): boolean {
    return this.#socket.bufferedAmount > mostUnreadBytes;
  }

  /** Skips one tick. What the page missed is still known by its revision. */
  skip(): void {
    this.#ticksSkipped += 1;
  }

  /**
   * Sends the page the changes up to the current revision.
   *
   * @param chartOf returns the chart of a kind of a plain XState program; each is sent once.
   */
  show(table: ActorTable, { ended, entered, changes }: Missed, chartOf: ChartOf = () => undefined): void {
    const first = this.#revision === 0;
    this.#revision = table.revision;
    const { entries } = table.states;
    if (entries.length > this.#states) {
      const news = entries.slice(this.#states);
      this.#sendCharts(news, chartOf);
      this.send({ type: 'states', from: this.#states, entries: news });
      this.#states = entries.length;
    }
    if (ended.length > 0) this.send({ type: 'ended', slots: ended });
    for (let from = 0; from < entered.length; from += actorsPerMessage) {
      this.send({ type: 'entered', actors: entered.slice(from, from + actorsPerMessage) });
    }
    if (changes.slots.length > 0) this.#sendFrame(encodeChanges(changes));
    if (first) this.send({ type: 'ready' });
  }

  /** Sends a message to the page. */
  readonly send = (message: ServerMessage): void => this.#sendFrame(JSON.stringify(message));

  #sendCharts(entries: readonly StateEntry[], chartOf: ChartOf): void {
    for (const [kind] of entries) {
      if (!isForeign(kind) || this.#charts.has(kind)) continue;
      this.#charts.add(kind);
      const graph = chartOf(kind);
      if (graph !== undefined) this.send({ type: 'chart', kind, graph });
    }
  }

  #sendFrame(frame: string | Uint8Array): void {
    this.#bytesSent += frame.length;
    this.#socket.send(frame);
  }
}
