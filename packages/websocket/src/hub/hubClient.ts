import {
  type Clock,
  type CloseReason,
  compile,
  createLeanActor,
  type Notice,
  type Notifier,
  type Reservation,
  type Session,
} from '@watchkeeper/core';
import type { WebSocket } from 'ws';
import type { CloseFrame } from '../connection/closeFrame.ts';
import { type PulseInput, pulseMachine } from '../connection/pingMachine.ts';
import { Meter } from '../connection/rateLimit.ts';
import { type LaneInput, laneMachine, type Parcel } from '../connection/sendQueueMachine.ts';
import { Wire, type WireStream } from '../connection/socketWriter.ts';
import { noticeFrame } from '../connection/textFrame.ts';
import type { Pass } from '../upgrade/authorize.ts';
import { Subscription, type Wish, wishOfMessage } from '../upgrade/subscription.ts';
import { ClientLimitError } from './errors.ts';
import type { HubSupervisor } from './hub.ts';
import type { HubEvent } from './hubEvents.ts';
import type { ResolvedHubOptions } from './hubOptions.ts';

// One lane and one pulse for each client: compiled and lean, since there may be very many.
const laneLogic = compile(laneMachine);
const pulseLogic = compile(pulseMachine);
const createLane = (clock: Clock, input: LaneInput) => createLeanActor(laneLogic, { clock, input });
const createPulse = (clock: Clock, input: PulseInput) => createLeanActor(pulseLogic, { clock, input });

type Lane = ReturnType<typeof createLane>;
type Pulse = ReturnType<typeof createPulse>;

/** What a client needs of its hub. */
export interface ClientHost {
  readonly keeper: HubSupervisor;
  readonly options: ResolvedHubOptions;
  /** Sends every batch that is being filled. */
  flush(): void;
  emit(event: HubEvent): void;
  subscribed(client: Client): void;
  closed(client: Client, reason: CloseReason): void;
}

/** What one client is made of. */
export interface ClientParts {
  readonly socket: WebSocket;
  /** The stream below `socket`. */
  readonly stream: WireStream;
  readonly slot: Reservation;
  readonly pass: Pass;
  readonly wish: Wish;
}

/** One connected client: ties its socket, its session, its notifier and its lane of entries together. */
export class Client {
  readonly peer: string;
  readonly session: Session;
  readonly subscription: Subscription;
  readonly #host: ClientHost;
  readonly #wire: Wire;
  readonly #meter: Meter;
  readonly #pulse: Pulse | undefined;
  #notifier: Notifier;
  #lane: Lane | undefined;
  #closeFrame: CloseFrame | undefined;
  #takesFrames = true;

  constructor(host: ClientHost, { socket, stream, slot, pass: { peer, grant }, wish }: ClientParts) {
    const { clock, maxMessagesPerSecond } = host.options;
    this.peer = peer;
    this.subscription = new Subscription(grant, wish);
    this.#host = host;
    this.#wire = new Wire(socket, stream, host.options);
    this.#meter = new Meter(() => clock.now(), maxMessagesPerSecond);
    // The notifier tells the goaway, in its order with all else it tells.
    this.session = slot.open({ goaway: () => {}, close: (reason) => this.#close(reason) });
    this.#notifier = this.#notify();
    this.#pulse = this.#startPulse();
    socket.on('message', (message, isBinary) => this.#hear(isBinary ? '' : String(message)));
    socket.on('pong', () => this.#heard());
    socket.on('error', (cause) => this.#fail(cause));
    // A session that closes its connection hears of the end by itself.
    socket.on('close', () => this.#end('peer'));
    void this.session.closed.then((reason) => this.#closed(reason));
  }

  get id(): string {
    return this.session.id;
  }

  /** Puts a frame behind those that wait for this client. */
  offer(parcel: Parcel): void {
    if (!this.#takesFrames) return;
    this.#lane ??= this.#openLane();
    this.#lane.send({ type: 'parcel', parcel });
  }

  get #isLive(): boolean {
    return this.session.state === 'open' || this.session.state === 'draining';
  }

  #end(reason: CloseReason): void {
    if (this.#isLive) this.session.end(reason);
  }

  #fail(cause: unknown, frame?: CloseFrame): void {
    this.#closeFrame ??= frame;
    this.#host.emit({ type: 'client.failed', id: this.id, cause });
    this.#end('failed');
  }

  /** Registers under the same key again and again: whoever subscribes anew is told the present state anew. */
  #notify(): Notifier {
    const { keeper, options } = this.#host;
    const deliver = (notice: Notice) => this.#wire.send(noticeFrame(notice));
    const { topics } = this.subscription;
    const notifier = keeper.notifier(`websocket:${this.id}`, deliver, {
      ...options.notifier,
      topics,
      session: this.id,
    });
    // A client that was told to go may stay until its session ends; one that cannot be told anything more may not.
    void notifier.closed.then((reason) => {
      if (this.#notifier === notifier && reason !== 'goaway') this.#end(reason);
    });
    return notifier;
  }

  #hear(message: string): void {
    this.#heard();
    const { maxMessagesPerSecond, maxTopics } = this.#host.options;
    if (!this.#isLive) return;
    if (!this.#meter.admits()) {
      const cause = new ClientLimitError('maxMessagesPerSecond', maxMessagesPerSecond);
      this.#fail(cause, { code: 1008, reason: 'too many messages' });
      return;
    }
    const wish = wishOfMessage(message);
    if (wish === 'none') {
      this.#host.emit({ type: 'message.ignored', id: this.id });
    } else if (wish !== undefined && wish.size > maxTopics) {
      this.#fail(new ClientLimitError('maxTopics', maxTopics), { code: 1008, reason: 'too many topics' });
    } else {
      this.subscription.change(wish);
      if (this.session.state === 'open') this.#notifier = this.#notify();
      this.#host.subscribed(this);
    }
  }

  #heard(): void {
    if (this.#pulse?.getSnapshot().status === 'active') this.#pulse.send({ type: 'heard' });
  }

  #startPulse(): Pulse | undefined {
    const { clock, pingIntervalMs, pongTimeoutMs } = this.#host.options;
    if (pingIntervalMs === 0) return undefined;
    const lost = () => {
      this.#host.emit({ type: 'client.silent', id: this.id, waitedMs: pongTimeoutMs });
      this.#end('stalled');
    };
    const input = { pingIntervalMs, pongTimeoutMs, ping: () => this.#wire.ping(), lost };
    return createPulse(clock, input).start();
  }

  #openLane(): Lane {
    const input = {
      send: (frame: Buffer) => this.#wire.send(frame),
      maxQueued: this.#host.options.maxQueuedFrames,
    };
    const lane = createLane(this.#host.options.clock, input).start();
    lane.subscribe({
      complete: () => {
        const frames = lane.getSnapshot().output?.lost ?? 0;
        if (frames === 0) return;
        this.#takesFrames = false;
        this.#host.emit({ type: 'frames.dropped', id: this.id, frames });
        this.#end('stalled');
      },
    });
    return lane;
  }

  /** What was published before an orderly end reaches the client before its close (INV-22). */
  #close(reason: CloseReason): void | Promise<void> {
    this.#pulse?.stop();
    if (reason === 'forced' || reason === 'goaway' || reason === 'stopped') {
      this.#host.flush();
      if (this.#lane?.getSnapshot().status === 'active') this.#lane.send({ type: 'finish' });
    }
    this.#takesFrames = false;
    return this.#wire.close(reason, this.#closeFrame);
  }

  #closed(reason: CloseReason): void {
    this.#takesFrames = false;
    this.#pulse?.stop();
    this.#lane?.stop();
    if (this.#notifier.state !== 'closed') this.#notifier.close(reason);
    this.#host.closed(this, reason);
  }
}
