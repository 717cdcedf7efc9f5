import type { Deliver, Notice } from '@watchkeeper/core';
import { oneOf, requireOption } from '@watchkeeper/core/options';

/** A client's end of a notifier, which takes notices as it is told. */
export interface Inbox {
  /** Give this to `keeper.notifier`. */
  readonly deliver: Deliver;
  /** All notices handed over, oldest first, taken or not. */
  readonly notices: readonly Notice[];
  /** The notices in short: `api=healthy`, `goaway`. */
  readonly said: readonly string[];
  /** Deliveries whose signal aborted. */
  readonly aborted: number;
  /** From now on: `take` at once, `hold` until {@link Inbox.release}, or `fail`. */
  become(manner: 'take' | 'hold' | 'fail'): void;
  /** Takes what is held, and whatever comes next at once. */
  release(): void;
}

/**
 * Records what one client is told, and can be slow or broken.
 *
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { inbox, settle } from '@watchkeeper/testing';
 *
 * const keeper = createSupervisor();
 * const client = inbox();
 * keeper.notifier('client', client.deliver);
 * keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
 * await settle();
 * client.said; // ['=healthy', 'api=healthy']
 * ```
 */
export function inbox(manner: 'take' | 'hold' | 'fail' = 'take'): Inbox {
  requireOption('inbox.manner', oneOf('take', 'hold', 'fail'), manner);
  let present = manner;
  let release: (() => void) | undefined;
  let aborted = 0;
  const notices: Notice[] = [];

  const deliver: Deliver = (notice, signal) => {
    notices.push(notice);
    if (present === 'take') return;
    if (present === 'fail') throw new Error('this client is broken');
    return new Promise((resolve) => {
      release = resolve;
      signal.addEventListener('abort', () => {
        aborted += 1;
      });
    });
  };

  return {
    deliver,
    notices,
    get said() {
      return notices.map((notice) => (notice.type === 'goaway' ? 'goaway' : `${notice.topic}=${notice.health}`));
    },
    get aborted() {
      return aborted;
    },
    become(next) {
      present = next;
    },
    release() {
      present = 'take';
      release?.();
    },
  };
}
