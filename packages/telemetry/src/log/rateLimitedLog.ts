import type { SupervisorEvent } from '@watchkeeper/core';
import type { Logger } from './logger.ts';
import type { LogOptions } from './logOptions.ts';

/** Writes events as lines, so many within a second and no more. */
export class LogWriter {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #options: Required<LogOptions>;
  #second = 0;
  #written = 0;
  #untold = 0;
  /** Lines left out because there were too many. */
  dropped = 0;
  /** Events that were not written because the logger, or `levelOf`, threw. */
  failed = 0;

  constructor(name: string, logger: Logger, options: Required<LogOptions>) {
    this.#name = name;
    this.#logger = logger;
    this.#options = options;
  }

  note(event: SupervisorEvent): void {
    this.#guard(() => this.#note(event));
  }

  /** Says what was left out last. */
  end(): void {
    this.#guard(() => this.#tellDropped((this.#second + 1) * 1_000));
  }

  /** A log that fails must not harm what it tells of. */
  #guard(write: () => void): void {
    try {
      write();
    } catch {
      this.failed += 1;
    }
  }

  #note(event: SupervisorEvent): void {
    const level = this.#options.levelOf(event);
    if (level === 'silent') return;
    if (!this.#hasRoom(event.at)) {
      this.dropped += 1;
      this.#untold += 1;
      return;
    }
    const { type, ...fields } = event;
    const { cause, ...rest } = { cause: undefined, ...fields };
    this.#logger[level]({ keeper: this.#name, ...rest, ...(cause === undefined ? {} : { err: cause }) }, type);
  }

  #hasRoom(at: number): boolean {
    const second = Math.floor(at / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#written = 0;
      this.#tellDropped(at);
    }
    this.#written += 1;
    return this.#written <= this.#options.maxPerSecond;
  }

  #tellDropped(at: number): void {
    const dropped = this.#untold;
    this.#untold = 0;
    if (dropped > 0) this.#logger.warn({ keeper: this.#name, at, dropped }, 'log.dropped');
  }
}
