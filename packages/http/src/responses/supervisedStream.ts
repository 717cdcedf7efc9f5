import {
  type Clock,
  type CloseReason,
  type Connection,
  type ConnectionActivity,
  type GoawayNotice,
  WatchkeeperError,
} from '@watchkeeper/core';

/** A response that was supervised must end, or has: the reason of its `signal`. */
export class ResponseEndedError extends WatchkeeperError {
  readonly code = 'RESPONSE_ENDED';
  /** Why: its client has `gone`, its `grace` is over, it was `refused`, or the reason of its session's end. */
  readonly reason: CloseReason | 'gone' | 'grace' | 'refused';

  constructor(reason: ResponseEndedError['reason']) {
    super(`The response ends: ${reason}`);
    this.reason = reason;
  }
}

/** Parts of a {@link SupervisedStream}. */
export interface SupervisedStreamInput {
  readonly clock: Clock;
  readonly graceMs: number | undefined;
  readonly onGoaway: (notice: GoawayNotice) => void;
  /** Ends the response at once. */
  readonly cut: () => void;
  /** Its request, in one line. */
  readonly what?: string;
  /** Resolves when it has ended, with whether all of it was sent. */
  readonly ended: Promise<boolean>;
}

/** One response as the connection of a session: its signal aborts when it has to end before it is complete. */
export class SupervisedStream implements Connection {
  readonly #input: SupervisedStreamInput;
  readonly #controller = new AbortController();
  readonly #since: number;
  #told = false;
  #timer: unknown;

  constructor(input: SupervisedStreamInput) {
    this.#input = input;
    this.#since = input.clock.now();
    void input.ended.then((isWhole) => {
      input.clock.clearTimeout(this.#timer);
      if (!isWhole) this.#abort('gone');
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Told by its own session or by that of its connection: the first counts. */
  goaway(notice: GoawayNotice): void {
    if (this.#told) return;
    this.#told = true;
    const { clock, onGoaway, graceMs = notice.graceMs } = this.#input;
    const leftMs = Math.min(graceMs, notice.graceMs);
    this.#timer = clock.setTimeout(() => this.#abort('grace'), leftMs);
    onGoaway({ ...notice, graceMs: leftMs });
  }

  doing(): ConnectionActivity {
    const { what } = this.#input;
    return { since: this.#since, ...(what === undefined ? {} : { what }) };
  }

  async close(reason: CloseReason): Promise<void> {
    this.#abort(reason);
    this.#input.cut();
    await this.#input.ended;
  }

  /** Takes note that it has no slot. */
  refuse(): void {
    this.#abort('refused');
  }

  #abort(reason: ResponseEndedError['reason']): void {
    if (!this.signal.aborted) this.#controller.abort(new ResponseEndedError(reason));
  }
}
