import type { CloseReason, Connection, GoawayNotice } from '@watchkeeper/core';
import { callable, oneOf, optional, resolveOptions } from '@watchkeeper/core/options';

/** Options of {@link fakeConnection}: what its far end does. */
export interface FakeConnectionOptions {
  /** Called when the peer is told to go; a well-behaved one ends its session. */
  readonly onGoaway?: (notice: GoawayNotice) => void;
  /**
   * What closing does: it is `done` at once, it `hang`s for ever, or it `fail`s.
   * @default 'done'
   */
  readonly closing?: 'done' | 'hang' | 'fail';
}

type Settings = Required<{ [K in keyof FakeConnectionOptions]: FakeConnectionOptions[K] | undefined }>;

const defaults = { onGoaway: undefined, closing: 'done' } as const;

const rules = {
  onGoaway: optional(callable<(notice: GoawayNotice) => void>()),
  closing: oneOf('done', 'hang', 'fail'),
};

/** A connection without a network, which records what is asked of it. */
export interface FakeConnection extends Connection {
  /** Every goaway that was sent: never more than one (INV-25). */
  readonly goaways: readonly GoawayNotice[];
  /** Every close that was asked for: never more than one. */
  readonly closes: readonly CloseReason[];
}

/**
 * Stands in for a client's connection in tests of admission and drain. It promises what a {@link Connection} must:
 * it closes when it is told to, unless `closing` says otherwise.
 *
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { fakeConnection } from '@watchkeeper/testing';
 *
 * const keeper = createSupervisor();
 * const slot = keeper.reserve('10.0.0.7');
 * const session = slot.reserved ? slot.open(fakeConnection({ onGoaway: () => session?.end() })) : undefined;
 * const { sessions } = await keeper.drain();
 * sessions.early; // 1: it left when it was told to
 * ```
 */
export function fakeConnection(options?: FakeConnectionOptions): FakeConnection {
  const { onGoaway, closing } = resolveOptions<Settings>('fakeConnection', rules, defaults, options);
  const goaways: GoawayNotice[] = [];
  const closes: CloseReason[] = [];
  return {
    goaways,
    closes,
    goaway(notice) {
      goaways.push(notice);
      onGoaway?.(notice);
    },
    close(reason) {
      closes.push(reason);
      if (closing === 'fail') throw new Error('this connection cannot be closed');
      return closing === 'hang' ? new Promise(() => {}) : undefined;
    },
  };
}
