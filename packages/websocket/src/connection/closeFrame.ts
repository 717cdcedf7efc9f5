import type { CloseReason } from '@watchkeeper/core';

/** Code and reason of a close frame. */
export interface CloseFrame {
  readonly code: number;
  /** At most 123 bytes of UTF-8: a longer one does not fit into a control frame. */
  readonly reason: string;
}

/** The close codes that may be told to a client that is too slow: policy violation, or try again later. */
export type SlowClientCode = 1008 | 1013;

const longestReasonBytes = 123;

/** Returns as much of `text` as fits into a close frame, cut between characters. */
export function fitReason(text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(longestReasonBytes));
  return text.slice(0, read);
}

/** The close frame of a client that was told to go for its age and has not. */
export const maxAgeFrame: CloseFrame = { code: 1012, reason: 'maximum age' };

/**
 * Returns the close frame for the reason a session ended.
 *
 * A client that is told 1012 or 1013 knows that coming back later is welcome; after 1001 the server is not
 * coming back, and a client that was replaced (1000) must stay away, or the two would push each other out.
 */
export function closeFrameOf(reason: CloseReason, slowClientCode: SlowClientCode): CloseFrame {
  switch (reason) {
    case 'goaway':
    case 'forced':
      return { code: 1012, reason: 'service restart' };
    case 'stopped':
      return { code: 1001, reason: 'server stopped' };
    case 'stalled':
      return { code: slowClientCode, reason: 'client too slow' };
    case 'failed':
      return { code: 1011, reason: 'delivery failed' };
    case 'replaced':
      return { code: 1000, reason: 'replaced' };
    case 'peer':
      return { code: 1000, reason: '' };
  }
}
