import { decodeChanges } from '../../../src/protocol/changeFrame.ts';
import type { CommandName } from '../../../src/protocol/clientMessage.ts';
import type { ServerMessage } from '../../../src/protocol/serverMessage.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import { protocolName, tokenPrefix } from '../../../src/protocol/subprotocol.ts';
import type { Population } from './actors.ts';
import type { Pulse } from './renderScheduler.ts';
import type { Focus } from './selectedActor.ts';

/** How the page stands with the program. */
export type Link = 'connecting' | 'live' | 'paused' | 'recording' | 'reconnecting' | 'refused';

const storedToken = 'watchkeeper.token';
const retryMs = [300, 600, 1_200, 2_500, 5_000];

/** The one connection to the program: gets in, follows, and comes back by itself. */
export class Connection {
  readonly #population: Population;
  readonly #pulse: Pulse;
  readonly #focus: Focus;
  #socket: WebSocket | undefined;
  #link: Link = 'connecting';
  #attempts = 0;
  #covered: ShownKind | undefined;
  #commands = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(population: Population, focus: Focus, pulse: Pulse) {
    this.#population = population;
    this.#focus = focus;
    this.#pulse = pulse;
  }

  get link(): Link {
    return this.#link;
  }

  /** Looks closely at one actor, or at none. */
  watch(actorId: string | undefined): void {
    if (actorId === this.#focus.actorId) return;
    this.#focus.turnTo(actorId);
    this.#say({ type: 'watch', actorId });
  }

  /** Asks what was ever taken of the chart of a kind, or of none. */
  cover(kind: ShownKind | undefined): void {
    this.#covered = kind;
    this.#say({ type: 'cover', kind });
  }

  /** Has the messages of the watched actor traced for so long, in milliseconds; 0 ends it. */
  trace(forMs: number): void {
    this.#say({ type: 'trace', forMs });
  }

  /** Asks the program to do something; the answer shows in {@link Focus.answer}. */
  command(name: CommandName, monitor?: string, ttlMs?: number): void {
    this.#commands += 1;
    this.#say({ type: 'command', id: this.#commands, name, monitor, ttlMs });
  }

  /** Asks the program to send an event to the watched actor; the answer shows in {@link Focus.answer}. */
  send(event: string, payload?: Readonly<Record<string, unknown>>): void {
    this.#commands += 1;
    this.#say({ type: 'send', id: this.#commands, actorId: this.#focus.actorId, event, payload });
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  open(): void {
    void this.#connect();
  }

  /** Stops following, or follows again from a fresh picture: a paused page costs the program nothing. */
  togglePause(): void {
    if (!this.#rests) this.rest('paused');
    else if (this.canFollow) {
      this.#become('connecting');
      void this.#connect();
    }
  }

  /** Whether there is a program behind the page: a page that was saved as a file has none. */
  get canFollow(): boolean {
    return location.protocol !== 'file:';
  }

  /** Stops following, for a while or for as long as a recording is looked at. */
  rest(link: 'paused' | 'recording'): void {
    this.#become(link);
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  get #rests(): boolean {
    return this.#link === 'paused' || this.#link === 'recording';
  }

  async #connect(): Promise<void> {
    const token = await findToken();
    if (this.#rests) return;
    if (token === undefined || token === '') {
      this.#lose(token === undefined ? 'refused' : 'reconnecting');
      return;
    }
    const socket = new WebSocket(`ws://${location.host}/`, [protocolName, `${tokenPrefix}${token}`]);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = () => {
      if (this.#socket === socket && !this.#rests) this.#lose('reconnecting');
    };
    this.#socket = socket;
  }

  #lose(link: Link): void {
    this.#become(link);
    const waitMs = retryMs[Math.min(this.#attempts, retryMs.length - 1)];
    this.#attempts += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), waitMs);
  }

  #hear(frame: string | ArrayBuffer): void {
    if (typeof frame === 'string') this.#take(JSON.parse(frame));
    else {
      const changes = decodeChanges(frame);
      if (changes !== undefined) this.#population.change(changes);
    }
    this.#pulse.request();
  }

  #take(message: ServerMessage): void {
    const population = this.#population;
    switch (message.type) {
      case 'hello':
        this.#attempts = 0;
        this.#become('live');
        population.begin(message.app, message.epoch, message.at);
        population.commands = message.commands;
        population.machines = message.machines;
        this.#focus.turnTo(this.#focus.actorId);
        this.#say({ type: 'watch', actorId: this.#focus.actorId });
        this.#say({ type: 'cover', kind: this.#covered });
        break;
      case 'states':
        population.addStates(message.from, message.entries);
        break;
      case 'chart':
        population.graphs.set(message.kind, message.graph);
        break;
      case 'entered':
        population.enter(message.actors);
        break;
      case 'ended':
        population.end(message.slots);
        break;
      case 'ready':
        population.ready = true;
        break;
      case 'figures':
        population.figures = message.figures;
        break;
      case 'coverage':
        population.coverage.set(message.kind, message);
        break;
      case 'operations':
        population.operations = message.operations;
        break;
      case 'detail':
        this.#focus.tellDetail(message.actorId, message.detail);
        break;
      case 'offers':
        this.#focus.tellOffers(message.actorId, message.offers);
        break;
      case 'journal':
        this.#focus.tellJournal(message.actorId, message.whole, message.entries);
        break;
      case 'steps':
        this.#focus.tellSteps(message);
        break;
      case 'trace':
        this.#focus.tellTrace(message);
        break;
      case 'answer':
        this.#focus.answer = message.ok ? undefined : message.why;
        break;
    }
  }

  #become(link: Link): void {
    this.#link = link;
    this.#pulse.request();
  }
}

/** The token of the link, else the one the program gives to its own page; '' when the program is not there. */
async function findToken(): Promise<string | undefined> {
  const given = /(?:^#|&)t=([\w-]+)/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(storedToken, given);
    // The secret must not stay in the address bar, the history or a screenshot.
    history.replaceState(null, '', location.pathname);
  }
  const kept = sessionStorage.getItem(storedToken);
  try {
    const answer = await fetch('/token', { cache: 'no-store' });
    if (answer.ok) return (await answer.text()).trim();
    return kept ?? undefined;
  } catch {
    return '';
  }
}
