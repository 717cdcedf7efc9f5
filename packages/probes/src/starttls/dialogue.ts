import type { PlainText } from './plainText.ts';

/** What a dialogue may have to name. */
export interface DialogueEnds {
  /** The name that the server's certificate must bear. */
  readonly serverName: string;
  /** Our own address on this connection. */
  readonly localAddress: string;
}

/** All that is said in the clear until the next byte belongs to TLS. */
export type Dialogue = (plain: PlainText, ends: DialogueEnds) => Promise<void>;
