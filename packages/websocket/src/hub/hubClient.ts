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
import { maxAgeReason, noteAnswer, type Ping, startPing } from '@watchkeeper/core/adapters';
import type { WebSocket } from 'ws';
import { type CloseFrame, closeFrameOf, maxAgeFrame } from '../connection/closeFrame.ts';
import { RateLimit } from '../connection/rateLimit.ts';
import { type QueuedFrame, type SendQueueInput, sendQueueMachine } from '../connection/sendQueueMachine.ts';
import { SocketWriter, type WriterStream } from '../connection/socketWriter.ts';
import { noticeFrames, textFrame } from '../connection/textFrame.ts';
import type { BatchLog } from '../resume/batchLog.ts';
import { type CursorFrames, Cursors } from '../resume/cursor.ts';
import type { Authorized } from '../upgrade/authorize.ts';
import { excessOf, readSubscribe, type Subscription } from '../upgrade/subscription.ts';
import { ClientLimitError, TopicFullError } from './errors.ts';
import type { HubSupervisor } from './hub.ts';
import type { HubEvent } from './hubEvents.ts';
import type { ResolvedHubOptions } from './hubOptions.ts';

// One for each client: compiled and lean, since there may be very many.
const sendQueueLogic = compile(sendQueueMachine);
const createSendQueue = (clock: Clock, input: SendQueueInput) => createLeanActor(sendQueueLogic, { clock, input });

type SendQueue = ReturnType<typeof createSendQueue>;

/** Most notices that are written in one piece: the call of the system is most of what a short one costs. */
const noticesPerWrite = 256;

/** The part of a hub that its clients need. */
export interface HubClientHost {
  readonly keeper: HubSupervisor;
  readonly options: ResolvedHubOptions;
  /** Unlike that of any other hub: cursors bear it. */
  readonly id: string;
  readonly batchLog: BatchLog;
  readonly cursorFrames: CursorFrames;
  /** Sends every batch that is being filled. */
  flush(): void;
  emit(event: HubEvent): void;
  /** Called when what `client` reads has changed; with the cursor that it brought. */
  subscribed(client: HubClient, resume: string | undefined): void;
  /** Called once, when its session has ended. */
  closed(client: HubClient, reason: CloseReason): void;
}

/** Parts that one client is made of. */
export interface HubClientParts {
  readonly socket: WebSocket;
  /** The stream below `socket`. */
  readonly stream: WriterStream;
  readonly slot: Reservation;
  readonly authorized: Authorized;
  readonly subscription: Subscription;
  /** The cursor that it brought, empty for none yet; `undefined` where it wants none. */
  readonly resume: string | undefined;
}

/** Tells a client that it may have missed entries. */
const missedFrame = textFrame('{"type":"missed"}');

/** One connected client of a hub: its socket, session, notifier and send queue, which end together. */
export class HubClient {
  readonly peer: string;
  readonly session: Session;
  readonly subscription: Subscription;
  readonly #host: HubClientHost;
  readonly #writer: SocketWriter;
  readonly #rateLimit: RateLimit;
  readonly #ping: Ping | undefined;
  #notifier: Notifier;
  #cursors!: Cursors;
  /** Up to where it was sent all notices. */
  #read = 0;
  #sendQueue: SendQueue | undefined;
  #closeFrame: CloseFrame | undefined;
  #takesFrames = true;
  #tooOld = false;
  /** Number of the last batch that it was sent; `undefined` where it wants no cursors. */
  #batch: number | undefined;
  /** The last batch that was sent before it came: those after it are sent as they come. */
  readonly #openedAt: number;

  constructor(host: HubClientHost, parts: HubClientParts) {
    const { socket, stream, slot, authorized, subscription, resume } = parts;
    const { clock, maxMessagesPerSecond } = host.options;
    this.peer = authorized.peer;
    this.subscription = subscription;
    this.#host = host;
    this.#writer = new SocketWriter(socket, stream, host.options);
    this.#rateLimit = new RateLimit(() => clock.now(), maxMessagesPerSecond);
    // The notifier tells the goaway, in its order with all else it tells.
    const since = clock.now();
    this.session = slot.open({
      goaway: ({ reason }) => {
        this.#tooOld = reason === maxAgeReason;
      },
      close: (reason) => this.#close(reason),
      doing: (reason) => ({ what: 'WebSocket', since, closeCode: this.#frameFor(reason).code }),
    });
    this.#openedAt = host.batchLog.seq;
    this.#notifier = this.#createNotifier(resume);
    this.#ping = this.#startPing();
    socket.on('message', (message, isBinary) => this.#onMessage(isBinary ? '' : String(message)));
    socket.on('pong', () => this.#noteAnswer());
    socket.on('error', (cause) => this.#fail(cause));
    socket.on('close', () => this.session.end('peer'));
    void this.session.closed.then((reason) => this.#onClosed(reason));
  }

  get id(): string {
    return this.session.id;
  }

  /** Puts a frame behind those that wait for this client. */
  offer(queued: QueuedFrame): void {
    if (!this.#takesFrames) return;
    this.#sendQueue ??= this.#openSendQueue();
    this.#sendQueue.send({ type: 'enqueue', queued });
  }

  #fail(cause: unknown, frame?: CloseFrame): void {
    this.#closeFrame ??= frame;
    this.#host.emit({ type: 'client.failed', id: this.id, cause });
    this.session.end('failed');
  }

  /** Replaces the client's notifier: one that is new is told the present state of its topics, or what came after a cursor. */
  #createNotifier(resume?: string): Notifier {
    const { keeper, options, id: hubId } = this.#host;
    const { topics } = this.subscription;
    this.#cursors = new Cursors(hubId, topics);
    const cursor = this.#cursors.read(resume ?? '');
    const deliver = (notices: readonly Notice[]): void | Promise<void> => {
      const frames = noticeFrames(notices);
      return this.#writer.send(notices[0]?.type === 'goaway' ? frames : this.#withCursor(frames, notifier.position));
    };
    const notifier: Notifier = keeper.notifier(`websocket:${this.id}`, deliver, {
      ...options.notifier,
      topics,
      session: this.id,
      batch: noticesPerWrite,
      resumeAfter: cursor.notices,
    });
    this.#read = cursor.notices ?? 0;
    // A client that was told to go may stay until its session ends; one whose notifier ended otherwise may not.
    void notifier.closed.then((reason) => {
      if (this.#notifier === notifier && reason !== 'goaway') this.session.end(reason);
    });
    return notifier;
  }

  /**
   * Sends the entries since the cursor that the client brought, or says that they are no longer kept. Without one it is
   * told where it stands, so that even a client which is cut at once misses nothing.
   */
  catchUp(resume: string | undefined): void {
    if (resume === undefined || this.#batch !== undefined) return;
    const { batchLog } = this.#host;
    const { batch } = this.#cursors.read(resume);
    const retained = resume === '' ? [] : batch === undefined ? undefined : batchLog.after(batch);
    if (retained === undefined) this.#host.emit({ type: 'resume.expired', id: this.id });
    const missed = retained?.filter(
      ({ topic, scope, seq }) => seq <= this.#openedAt && this.subscription.hears(topic, scope),
    );
    this.#batch = this.#openedAt;
    const frame = missed === undefined ? missedFrame : Buffer.concat(missed.map(({ frame }) => frame));
    this.offer({ frame, batch: batchLog.seq });
  }

  #withCursor(frames: Buffer, notices: number): Buffer {
    this.#read = notices;
    if (this.#batch === undefined) return frames;
    return this.#host.cursorFrames.append(frames, this.#cursors.textOf(notices, this.#batch));
  }

  #sendQueued({ frame, batch }: QueuedFrame): void | Promise<void> {
    if (batch === undefined || this.#batch === undefined) return this.#writer.send(frame);
    this.#batch = batch;
    return this.#writer.send(this.#withCursor(frame, this.#read));
  }

  #onMessage(message: string): void {
    this.#noteAnswer();
    const { maxMessagesPerSecond } = this.#host.options;
    const { state } = this.session;
    if (state === 'closing' || state === 'closed') return;
    if (!this.#rateLimit.allow()) {
      const cause = new ClientLimitError('maxMessagesPerSecond', maxMessagesPerSecond);
      this.#fail(cause, { code: 1008, reason: 'too many messages' });
      return;
    }
    const requested = readSubscribe(message);
    const excess = requested === 'none' ? undefined : excessOf(requested.topics, this.#host.options);
    if (requested === 'none') {
      this.#host.emit({ type: 'message.ignored', id: this.id });
    } else if (excess !== undefined) {
      const { option, limit, reason } = excess;
      this.#fail(new ClientLimitError(option, limit), { code: 1008, reason });
    } else {
      this.subscription.change(requested.topics);
      if (this.session.follow(this.subscription.topics ?? []) !== undefined) {
        this.#fail(new TopicFullError(), { code: 1013, reason: 'topic at capacity' });
        return;
      }
      if (state === 'open') this.#notifier = this.#createNotifier(requested.resume);
      this.#host.subscribed(this, requested.resume);
    }
  }

  #noteAnswer(): void {
    if (this.#ping !== undefined) noteAnswer(this.#ping);
  }

  #startPing(): Ping | undefined {
    const { clock, pingIntervalMs, pongTimeoutMs } = this.#host.options;
    if (pingIntervalMs === 0) return undefined;
    const lost = () => {
      this.#host.emit({ type: 'client.silent', id: this.id, waitedMs: pongTimeoutMs });
      this.session.end('stalled');
    };
    return startPing(clock, { pingIntervalMs, pongTimeoutMs, ping: () => this.#writer.ping(), lost });
  }

  #openSendQueue(): SendQueue {
    const input = {
      send: (queued: QueuedFrame) => this.#sendQueued(queued),
      maxQueued: this.#host.options.maxQueuedFrames,
    };
    const queue = createSendQueue(this.#host.options.clock, input).start();
    queue.subscribe({
      complete: () => {
        const frames = queue.getSnapshot().output?.lost ?? 0;
        if (frames === 0) return;
        this.#takesFrames = false;
        this.#host.emit({ type: 'frames.dropped', id: this.id, frames });
        this.session.end('stalled');
      },
    });
    return queue;
  }

  /** Sends what was published before an orderly end, then closes (INV-22). */
  #close(reason: CloseReason): void | Promise<void> {
    this.#ping?.stop();
    if (reason === 'forced' || reason === 'goaway' || reason === 'stopped') {
      this.#host.flush();
      if (this.#sendQueue?.getSnapshot().status === 'active') this.#sendQueue.send({ type: 'finish' });
    }
    this.#takesFrames = false;
    return this.#writer.close(reason, this.#frameFor(reason));
  }

  #frameFor(reason: CloseReason): CloseFrame {
    if (this.#tooOld && reason === 'forced') return maxAgeFrame;
    return this.#closeFrame ?? closeFrameOf(reason, this.#host.options.slowClientCode);
  }

  #onClosed(reason: CloseReason): void {
    this.#takesFrames = false;
    this.#ping?.stop();
    this.#sendQueue?.stop();
    if (this.#notifier.state !== 'closed') this.#notifier.close(reason);
    this.#host.closed(this, reason);
  }
}
