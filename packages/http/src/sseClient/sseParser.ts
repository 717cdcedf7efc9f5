import { WatchkeeperError } from '@watchkeeper/core';

/** One piece of a stream of server-sent events. */
export type SsePart =
  | { readonly type: 'event'; readonly event: string; readonly data: string; readonly lastEventId: string }
  /** An event without data, which is not told, but whose id counts. */
  | { readonly type: 'id'; readonly lastEventId: string }
  /** Sets the wait before connecting again, in milliseconds. */
  | { readonly type: 'retry'; readonly ms: number };

/** A server sent a single event that is longer than allowed. */
export class EventTooLongError extends WatchkeeperError {
  readonly code = 'EVENT_TOO_LONG';

  constructor(maxLength: number) {
    super(`An event exceeds ${maxLength} characters`);
  }
}

/**
 * Incremental parser of server-sent events, as in the WHATWG standard, with a limit on the length of an event.
 *
 * Its cost is linear in what it is given, however that is cut.
 */
export class SseParser {
  readonly #maxLength: number;
  #rest = '';
  #begun = false;
  #endedByCr = false;
  #event = '';
  #data: string[] = [];
  #dataLength = 0;
  #idField: string;
  #lastEventId: string;

  /**
   * @param maxLength the most characters that one event, or one line, may have.
   * @param lastEventId the id that a former connection left, which events without one keep.
   */
  constructor(maxLength = 1_048_576, lastEventId = '') {
    this.#maxLength = maxLength;
    this.#idField = lastEventId;
    this.#lastEventId = lastEventId;
  }

  /**
   * Parses the next piece of text, decoded with its byte order mark kept.
   * @returns the events that it completes.
   * @throws {@link EventTooLongError} when an event is longer than allowed.
   */
  push(text: string): SsePart[] {
    const parts: SsePart[] = [];
    if (text === '') return parts;
    let from = this.#skipped(text);
    const lineEnd = /\r\n?|\n/g;
    lineEnd.lastIndex = from;
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      const line = this.#rest + text.slice(from, end.index);
      from = lineEnd.lastIndex;
      this.#rest = '';
      this.#endedByCr = end[0] === '\r' && from === text.length;
      if (line === '') this.#dispatch(parts);
      else this.#take(line, parts);
    }
    this.#rest += text.slice(from);
    if (this.#rest.length + this.#dataLength > this.#maxLength) throw new EventTooLongError(this.#maxLength);
    return parts;
  }

  /** @returns how much of `text` is no line: a byte order mark, or the second half of a line end. */
  #skipped(text: string): number {
    const skips = this.#begun ? this.#endedByCr && text.startsWith('\n') : text.startsWith('\uFEFF');
    this.#begun = true;
    this.#endedByCr = false;
    return skips ? 1 : 0;
  }

  #take(line: string, parts: SsePart[]): void {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') {
      this.#data.push(value);
      this.#dataLength += value.length + 1;
    } else if (field === 'id' && !value.includes('\0')) this.#idField = value;
    else if (field === 'retry' && /^\d+$/.test(value)) parts.push({ type: 'retry', ms: Number(value) });
  }

  #dispatch(parts: SsePart[]): void {
    if (this.#dataLength > this.#maxLength) throw new EventTooLongError(this.#maxLength);
    const lastEventId = this.#idField;
    if (this.#data.length > 0) {
      const event = this.#event === '' ? 'message' : this.#event;
      parts.push({ type: 'event', event, data: this.#data.join('\n'), lastEventId });
    } else if (lastEventId !== this.#lastEventId) parts.push({ type: 'id', lastEventId });
    this.#lastEventId = lastEventId;
    this.#event = '';
    this.#data = [];
    this.#dataLength = 0;
  }
}
