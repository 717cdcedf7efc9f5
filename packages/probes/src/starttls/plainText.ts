import { TargetFault } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';
import type { ByteReader } from '../socket/byteReader.ts';

/** The two limits of a script that hold for what is said before TLS, too. */
export interface PlainTextLimits {
  readonly stallMs: number | undefined;
  readonly maxBytes: number;
}

/** Most characters of a server's own words that a detail shows. */
const shownLength = 80;

/** @returns a server's own words, short enough for a detail. */
export const shown = (text: string): string => JSON.stringify(text.slice(0, shownLength));

/**
 * The conversation in the clear that comes before TLS. Each read takes what it returns and nothing more, so that what was
 * said too early is found.
 */
export class PlainText {
  readonly #check: Check;
  readonly #reader: ByteReader;
  readonly #limits: PlainTextLimits;
  #doing = '';
  #count = 0;

  constructor(check: Check, reader: ByteReader, limits: PlainTextLimits) {
    this.#check = check;
    this.#reader = reader;
    this.#limits = limits;
  }

  /** Says what is waited for from now on; the words finish the sentence "timed out while waiting for …". */
  expecting(what: string): void {
    this.#doing = what;
    this.#check.phase(`waiting for ${what}`);
  }

  /** Sends `bytes` and waits for the answer to `name`. */
  say(bytes: string | Uint8Array, name: string): void {
    this.#reader.send(bytes);
    this.expecting(`the answer to ${name}`);
  }

  /** @returns the next line, one character a byte, without its end. */
  async line(): Promise<string> {
    return (await this.through('\n')).replace(/\r?\n$/, '');
  }

  /** @returns all up to the next `end`, one character a byte, and with it. */
  async through(end: string): Promise<string> {
    let searched = 0;
    for (;;) {
      const at = this.#reader.received.indexOf(end, searched, 'latin1');
      if (at >= 0) return this.#take(at + end.length).toString('latin1');
      searched = Math.max(0, this.#reader.received.length - end.length + 1);
      await this.#more();
    }
  }

  /** @returns the next `length` bytes. */
  async bytes(length: number): Promise<Buffer> {
    while (this.#reader.received.length < length) await this.#more(length);
    return this.#take(length);
  }

  #take(length: number): Buffer {
    const taken = Buffer.from(this.#reader.received.subarray(0, length));
    this.#reader.discard(length);
    this.#count += length;
    return taken;
  }

  async #more(wanted = 0): Promise<void> {
    const { maxBytes, stallMs } = this.#limits;
    const { received } = this.#reader;
    if (this.#count + Math.max(received.length, wanted) >= maxBytes) {
      throw new TargetFault(`more than ${maxBytes} bytes came instead of ${this.#doing}`);
    }
    const result = await this.#reader.read(stallMs);
    if (result === 'bytes') return;
    const why = result === 'end' ? 'the connection was closed' : `nothing came for ${stallMs} ms`;
    const after = shown(received.toString('latin1'));
    throw new TargetFault(`expected ${this.#doing}, but ${why} after ${after}`);
  }
}
