import { decodeChanges } from '../../../src/protocol/changeFrame.ts';
import type { CommandName } from '../../../src/protocol/clientMessage.ts';
import type { ServerMessage } from '../../../src/protocol/serverMessage.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import { protocolName, tokenPrefix } from '../../../src/protocol/subprotocol.ts';
import type { Actors } from './actors.ts';
import type { RenderScheduler } from './renderScheduler.ts';
import type { SelectedActor } from './selectedActor.ts';

/** Status of the connection to the program. */
export type ConnectionStatus = 'connecting' | 'live' | 'paused' | 'recording' | 'reconnecting' | 'refused';

const storedToken = 'watchkeeper.token';
const retryMs = [300, 600, 1_200, 2_500, 5_000];

/** WebSocket connection to the program, which reconnects by itself. */
export class Connection {
  readonly #actors: Actors;
  readonly #scheduler: RenderScheduler;
  readonly #selectedActor: SelectedActor;
  #socket: WebSocket | undefined;
  #status: ConnectionStatus = 'connecting';
  #attempts = 0;
  #covered: ShownKind | undefined;
  #commands = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(actors: Actors, selectedActor: SelectedActor, scheduler: RenderScheduler) {
    this.#actors = actors;
    this.#selectedActor = selectedActor;
    this.#scheduler = scheduler;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Watches one actor, or none. */
  watch(actorId: string | undefined): void {
    if (actorId === this.#selectedActor.actorId) return;
    this.#selectedActor.select(actorId);
    this.#send({ type: 'watch', actorId });
  }

  /** Asks for the coverage of the chart of a kind, or of none. */
  cover(kind: ShownKind | undefined): void {
    this.#covered = kind;
    this.#send({ type: 'cover', kind });
  }

  /** Asks for a trace of the messages of the watched actor, for `forMs` milliseconds; 0 ends it. */
  trace(forMs: number): void {
    this.#send({ type: 'trace', forMs });
  }

  /** Sends a command; a refusal is shown as {@link SelectedActor.answer}. */
  command(name: CommandName, monitor?: string, ttlMs?: number): void {
    this.#commands += 1;
    this.#send({ type: 'command', id: this.#commands, name, monitor, ttlMs });
  }

  /** Sends an event to the watched actor; a refusal is shown as {@link SelectedActor.answer}. */
  send(event: string, payload?: Readonly<Record<string, unknown>>): void {
    this.#commands += 1;
    this.#send({ type: 'send', id: this.#commands, actorId: this.#selectedActor.actorId, event, payload });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  open(): void {
    void this.#connect();
  }

  /** Disconnects, or connects again and starts afresh: a paused page costs the program nothing. */
  togglePause(): void {
    if (!this.#isPaused) this.disconnect('paused');
    else if (this.hasProgram) {
      this.#setStatus('connecting');
      void this.#connect();
    }
  }

  /** Whether there is a program behind the page: a page that was saved as a file has none. */
  get hasProgram(): boolean {
    return location.protocol !== 'file:';
  }

  /** Disconnects, for a pause or for as long as a recording is shown. */
  disconnect(status: 'paused' | 'recording'): void {
    this.#setStatus(status);
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  get #isPaused(): boolean {
    return this.#status === 'paused' || this.#status === 'recording';
  }

  async #connect(): Promise<void> {
    const token = await findToken();
    if (this.#isPaused) return;
    if (token === undefined || token === '') {
      this.#retryLater(token === undefined ? 'refused' : 'reconnecting');
      return;
    }
    const socket = new WebSocket(`ws://${location.host}/`, [protocolName, `${tokenPrefix}${token}`]);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => {
      if (this.#socket === socket && !this.#isPaused) this.#retryLater('reconnecting');
    };
    this.#socket = socket;
  }

  #retryLater(status: ConnectionStatus): void {
    this.#setStatus(status);
    const waitMs = retryMs[Math.min(this.#attempts, retryMs.length - 1)];
    this.#attempts += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), waitMs);
  }

  #receive(frame: string | ArrayBuffer): void {
    if (typeof frame === 'string') this.#handle(JSON.parse(frame));
    else {
      const changes = decodeChanges(frame);
      if (changes !== undefined) this.#actors.change(changes);
    }
    this.#scheduler.request();
  }

  #handle(message: ServerMessage): void {
    const actors = this.#actors;
    switch (message.type) {
      case 'hello':
        this.#attempts = 0;
        this.#setStatus('live');
        actors.begin(message.app, message.epoch, message.at);
        actors.commands = message.commands;
        actors.machines = message.machines;
        this.#selectedActor.select(this.#selectedActor.actorId);
        this.#send({ type: 'watch', actorId: this.#selectedActor.actorId });
        this.#send({ type: 'cover', kind: this.#covered });
        break;
      case 'states':
        actors.addStates(message.from, message.entries);
        break;
      case 'chart':
        actors.graphs.set(message.kind, message.graph);
        break;
      case 'entered':
        actors.add(message.actors);
        break;
      case 'ended':
        actors.remove(message.slots);
        break;
      case 'ready':
        actors.ready = true;
        break;
      case 'figures':
        actors.figures = message.figures;
        break;
      case 'coverage':
        actors.coverage.set(message.kind, message);
        break;
      case 'operations':
        actors.operations = message.operations;
        break;
      case 'detail':
        this.#selectedActor.setDetail(message.actorId, message.detail);
        break;
      case 'allowedEvents':
        this.#selectedActor.setAllowedEvents(message.actorId, message.allowedEvents);
        break;
      case 'journal':
        this.#selectedActor.addEntries(message.actorId, message.whole, message.entries);
        break;
      case 'steps':
        this.#selectedActor.addSteps(message);
        break;
      case 'trace':
        this.#selectedActor.addMessages(message);
        break;
      case 'answer':
        this.#selectedActor.answer = message.ok ? undefined : message.why;
        break;
    }
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    this.#scheduler.request();
  }
}

/** Returns the token of the link, else the one the program gives to its own page; '' when the program is not there. */
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
