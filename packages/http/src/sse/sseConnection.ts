import type { CloseReason, GoawayNotice, Notice, Notifier, Reservation, Session, Supervisor } from '@watchkeeper/core';
import { ResumeTokens } from '@watchkeeper/core/adapters';
import type { HttpRequest, HttpResponse } from '../listener.ts';
import { spreadRetryMs } from '../spreadRetryMs.ts';
import { KeepAlive } from './keepAlive.ts';
import { ResponseStream } from './responseStream.ts';
import type { ResolvedSseFeedOptions } from './sseFeedOptions.ts';
import { eventFrame, healthFramesOf, jsonOf, keepAliveFrame, retryFrame } from './sseFrame.ts';

/** The part of a supervisor that a feed needs; it may also count whom the feed turns away by itself. */
export type FeedSupervisor = Pick<Supervisor, 'reserve' | 'notifier'> & Partial<Pick<Supervisor, 'noteRefusal'>>;

/** Most notices that are written in one piece: the call of the system is most of what a short one costs. */
const noticesPerWrite = 256;

/** Shortest `retry:`: a browser waits as long after each attempt that fails, and at 0 would connect without pause. */
const minRetryMs = 100;

/** The server's end of one client: its response stream, session and notifier, which end together. */
export class SseConnection {
  readonly #options: ResolvedSseFeedOptions;
  readonly #stream: ResponseStream;
  readonly #session: Session;
  readonly #notifier: Notifier;
  readonly #tokens: ResumeTokens;
  readonly #keepAlive: KeepAlive | undefined;

  /** @param slot is opened here: from now on the session closes the response. */
  constructor(
    keeper: FeedSupervisor,
    options: ResolvedSseFeedOptions,
    slot: Reservation,
    topics: readonly string[] | undefined,
    request: HttpRequest,
    response: HttpResponse,
  ) {
    const { clock, keepAliveMs, feedId, notifier } = options;
    const since = clock.now();
    this.#options = options;
    this.#stream = new ResponseStream(response);
    this.#session = slot.open({
      goaway: () => {},
      close: (reason) => this.#close(reason),
      doing: () => ({ what: `${request.method} ${request.url}`, since }),
    });
    this.#stream.offer(retryFrame(this.#retryMs()));
    try {
      this.#tokens = new ResumeTokens(feedId, topics);
      const resumeAfter = this.#tokens.positionOf(lastEventIdOf(request));
      const batch = noticesPerWrite;
      const limits = { ...notifier, topics, session: this.#session.id, resumeAfter, batch };
      this.#notifier = keeper.notifier(`sse ${this.#session.id}`, (notices) => this.#deliver(notices), limits);
    } catch (cause) {
      this.#session.end('failed');
      throw cause;
    }
    this.#keepAlive =
      keepAliveMs === 0 ? undefined : new KeepAlive(clock, keepAliveMs, () => this.#stream.offer(keepAliveFrame));
    void this.#join();
  }

  /** Whichever of stream, notifier and session ends first takes the other two with it. */
  async #join(): Promise<void> {
    // A microtask later, so that the notifier first hears that its goaway was delivered.
    void this.#stream.closed.then(() => queueMicrotask(() => this.#session.end('peer')));
    void this.#notifier.closed.then((reason) => this.#session.end(reason));
    const reason = await this.#session.closed;
    this.#keepAlive?.stop();
    if (this.#notifier.state !== 'closed') this.#notifier.close(reason);
    // A client may take longer to close than the session waits for it.
    await this.#stream.cut();
  }

  #deliver(notices: readonly Notice[]): void | Promise<void> {
    this.#keepAlive?.touch();
    const [first] = notices;
    if (first?.type === 'goaway') return this.#sendGoaway(first);
    const lastId = this.#tokens.tokenOf(this.#notifier.position);
    const ids = () => this.#notifier.positions.map((position) => this.#tokens.tokenOf(position));
    return this.#stream.send(healthFramesOf(notices, lastId, ids));
  }

  #sendGoaway(notice: GoawayNotice): Promise<void> {
    const { reconnectAfterMs } = notice;
    const retryMs = reconnectAfterMs === undefined ? this.#retryMs() : Math.max(reconnectAfterMs, minRetryMs);
    return this.#stream.sendLast(eventFrame('goaway', jsonOf(notice), { retryMs }));
  }

  #close(reason: CloseReason): Promise<void> {
    return reason === 'goaway' || reason === 'replaced' ? this.#stream.finish() : this.#stream.cut();
  }

  #retryMs(): number {
    const { retryMs, retryJitter, random } = this.#options;
    return spreadRetryMs(retryMs, retryJitter, random());
  }
}

function lastEventIdOf({ headers }: HttpRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}
