import { WatchkeeperError } from '@watchkeeper/core';

/** One piece of a stream of server-sent events. */
export type SsePart =
  | { readonly type: 'event'; readonly event: string; readonly data: string; readonly lastEventId: string }
  /** Sets the wait before connecting again, in milliseconds. */
  | { readonly type: 'retry'; readonly ms: number };

/** A server sent a single event that is longer than allowed. */
export class EventTooLongError extends WatchkeeperError {
  readonly code = 'EVENT_TOO_LONG';

  constructor(maxLength: number) {
    super(`An event exceeds ${maxLength} characters`);
  }
}

/** Incremental parser of server-sent events, as in the WHATWG standard, with a limit on the length of an event. */
export class SseParser {
  readonly #maxLength: number;
  #rest = '';
  #begun = false;
  #event = '';
  #data: string[] = [];
  #dataLength = 0;
  #lastEventId = '';

  /** @param maxLength the most characters that one event, or one line, may have. */
  constructor(maxLength = 1_048_576) {
    this.#maxLength = maxLength;
  }

  /**
   * Parses the next piece of text.
   * @returns the events that it completes.
   * @throws {@link EventTooLongError} when an event is longer than allowed.
   */
  push(text: string): SsePart[] {
    const parts: SsePart[] = [];
    const begun = this.#begun ? text : text.replace(/^\uFEFF/, '');
    this.#begun ||= text !== '';
    // A carriage return at the end may be half of a line end: it waits for what follows.
    const lines = (this.#rest + begun).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') this.#dispatch(parts);
      else this.#take(line, parts);
    }
    if (this.#rest.length + this.#dataLength > this.#maxLength) throw new EventTooLongError(this.#maxLength);
    return parts;
  }

  #take(line: string, parts: SsePart[]): void {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') {
      this.#data.push(value);
      this.#dataLength += value.length + 1;
    } else if (field === 'id' && !value.includes('\0')) this.#lastEventId = value;
    else if (field === 'retry' && /^\d+$/.test(value)) parts.push({ type: 'retry', ms: Number(value) });
  }

  #dispatch(parts: SsePart[]): void {
    if (this.#dataLength > this.#maxLength) throw new EventTooLongError(this.#maxLength);
    if (this.#data.length > 0) {
      const event = this.#event === '' ? 'message' : this.#event;
      parts.push({ type: 'event', event, data: this.#data.join('\n'), lastEventId: this.#lastEventId });
    }
    this.#event = '';
    this.#data = [];
    this.#dataLength = 0;
  }
}
