import { ResumeTokens } from '@watchkeeper/core/adapters';
import { textFrame } from '../connection/textFrame.ts';

/** Up to where one client has been sent everything. */
export interface Cursor {
  /** Position in the log of notices; `undefined` where it is of other topics, or of another program. */
  readonly notices: number | undefined;
  /** Number of the last batch of entries; `undefined` where it is of another hub. */
  readonly batch: number | undefined;
}

/** Writes and reads the cursors of one client's topics, as text that the client keeps and brings back. */
export class Cursors {
  readonly #hubId: string;
  readonly #tokens: ResumeTokens;

  /** @param hubId unlike that of any other hub, and of this one before a restart. */
  constructor(hubId: string, topics: readonly string[] | undefined) {
    this.#hubId = hubId;
    this.#tokens = new ResumeTokens(hubId, topics);
  }

  textOf(notices: number, batch: number): string {
    return `${batch}.${this.#tokens.tokenOf(notices)}`;
  }

  /** Reads a cursor. Batches are numbered by hub, whatever their topics. */
  read(text: string): Cursor {
    const [, digits = '', token = ''] = /^(\d{1,15})\.(.*)$/s.exec(text) ?? [];
    const batch = token.startsWith(`${this.#hubId}.`) ? Number(digits) : undefined;
    return { notices: this.#tokens.positionOf(token), batch };
  }
}

/** Appends cursors to frames: made once for all clients in a row that are sent the same. */
export class CursorFrames {
  #last: { readonly frames: Buffer; readonly cursor: string; readonly joined: Buffer } | undefined;

  /** @returns `frames` with the cursor behind them, in one piece. */
  append(frames: Buffer, cursor: string): Buffer {
    const last = this.#last;
    if (last?.frames === frames && last.cursor === cursor) return last.joined;
    const joined = Buffer.concat([frames, textFrame(`{"type":"cursor","cursor":${JSON.stringify(cursor)}}`)]);
    this.#last = { frames, cursor, joined };
    return joined;
  }
}
