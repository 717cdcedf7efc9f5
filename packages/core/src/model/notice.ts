import { InvalidOptionError } from '../errors.ts';
import { durationMs, oneOf, optional, requireOption, text } from '../rules.ts';
import { type Health, healths } from './health.ts';

/** Tells clients that the health of a topic changed. Latest wins: an unread older one of the same topic is replaced. */
export type HealthNotice = {
  readonly type: 'health';
  /** What the health is of: a monitor's id, or `''` for the whole program (as in grpc.health.v1). */
  readonly topic: string;
  readonly health: Health;
  /** Grows by one with every notice of this supervisor, so that a client can tell what it missed. */
  readonly seq: number;
  /** When it became so, in epoch milliseconds. */
  readonly at: number;
  /** One line on why. */
  readonly detail?: string;
};

/** Tells a client to go: terminal, never displaced, and nothing follows it (INV-4, INV-5). */
export type GoawayNotice = {
  readonly type: 'goaway';
  readonly reason: string;
  /** How long the client may still finish what it has begun, in milliseconds. */
  readonly graceMs: number;
  /** Where to go instead. */
  readonly uri?: string;
  /** When to connect again, in milliseconds from now: another for each client, so that they do not come back as one. */
  readonly reconnectAfterMs?: number;
  /** When it was decided, in epoch milliseconds. */
  readonly at: number;
};

/** What is told to a client. */
export type Notice = HealthNotice | GoawayNotice;

/** A notice as a caller may write it: the supervisor adds `seq` and `at` where they are left out. */
export type NoticeDraft =
  | (Omit<HealthNotice, 'seq' | 'at'> & Partial<Pick<HealthNotice, 'seq' | 'at'>>)
  | (Omit<GoawayNotice, 'at'> & Partial<Pick<GoawayNotice, 'at'>>);

const healthRule = oneOf(...healths);

/** @throws {@link InvalidOptionError} naming the first part of `notice` that breaks its rule. */
export function requireNotice(notice: NoticeDraft): void {
  if (typeof notice !== 'object' || notice === null) throw new InvalidOptionError('notice', 'an object', notice);
  if (notice.type === 'health') {
    if (typeof notice.topic !== 'string') throw new InvalidOptionError('notice.topic', 'a string', notice.topic);
    requireOption('notice.health', healthRule, notice.health);
  } else if (notice.type === 'goaway') {
    requireOption('notice.reason', text, notice.reason);
    requireOption('notice.graceMs', durationMs, notice.graceMs);
    requireOption('notice.reconnectAfterMs', optional(durationMs), notice.reconnectAfterMs);
  } else {
    throw new InvalidOptionError('notice.type', 'one of "health", "goaway"', (notice as { type: unknown }).type);
  }
}
