import type { SupervisorEvent } from '@watchkeeper/core';
import type { Logger } from './logger.ts';
import type { LogOptions } from './logOptions.ts';

/** Writes events to a logger, up to a number of lines within a second. */
export class EventWriter {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #options: Required<LogOptions>;
  #second = 0;
  #written = 0;
  #unreported = 0;
  /** Lines left out because there were too many. */
  dropped = 0;
  /** Events that were not written because the logger, or `levelOf`, threw. */
  failed = 0;

  constructor(name: string, logger: Logger, options: Required<LogOptions>) {
    this.#name = name;
    this.#logger = logger;
    this.#options = options;
  }

  write(event: SupervisorEvent): void {
    this.#guard(() => this.#write(event));
  }

  /** Reports what was dropped last. */
  close(): void {
    this.#guard(() => this.#reportDropped((this.#second + 1) * 1_000));
  }

  /** Counts what the logger throws: a log must not harm what it reports. */
  #guard(write: () => void): void {
    try {
      write();
    } catch {
      this.failed += 1;
    }
  }

  #write(event: SupervisorEvent): void {
    const level = this.#options.levelOf(event);
    if (level === 'silent') return;
    if (!this.#hasRoom(event.at)) {
      this.dropped += 1;
      this.#unreported += 1;
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
      this.#reportDropped(at);
    }
    this.#written += 1;
    return this.#written <= this.#options.maxPerSecond;
  }

  #reportDropped(at: number): void {
    const dropped = this.#unreported;
    this.#unreported = 0;
    if (dropped > 0) this.#logger.warn({ keeper: this.#name, at, dropped }, 'log.dropped');
  }
}
