import { InvalidOptionError } from '../errors.ts';
import { durationMs, oneOf, optional, type Rule, requireOption, text, uriRule } from '../rules.ts';
import { detailLine } from './detail.ts';
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

/** Sequence numbers must be able to grow. */
const seqRule: Rule<number> = {
  is: 'a whole number from 0 to 2 ** 52',
  accepts: (value): value is number =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 52,
};

/** Of later times `Date` knows nothing. */
const latestMs = 8_640_000_000_000_000;

const timeRule: Rule<number> = {
  is: `a time in epoch milliseconds, from 0 to ${latestMs}`,
  accepts: (value): value is number => typeof value === 'number' && value >= 0 && value <= latestMs,
};

const topicRule: Rule<string> = { is: 'a string', accepts: (value): value is string => typeof value === 'string' };

/**
 * Returns a copy of `notice`, whose every part keeps its rule: what is read later cannot be another value. Its detail is
 * made one line without credentials, as every other.
 *
 * @throws {@link InvalidOptionError} naming the first part that breaks its rule.
 */
export function checkedNotice(notice: NoticeDraft): NoticeDraft {
  try {
    return copyOf(notice);
  } catch (cause) {
    if (cause instanceof InvalidOptionError) throw cause;
    throw new InvalidOptionError('notice', 'an object that can be read', notice, cause);
  }
}

function copyOf(notice: NoticeDraft): NoticeDraft {
  if (typeof notice !== 'object' || notice === null) throw new InvalidOptionError('notice', 'an object', notice);
  const { type } = notice;
  if (type === 'health') return checkedHealth(notice);
  if (type === 'goaway') return checkedGoaway(notice);
  throw new InvalidOptionError('notice.type', 'one of "health", "goaway"', type);
}

function checkedHealth({ topic, health, seq, at, detail }: Extract<NoticeDraft, { type: 'health' }>): NoticeDraft {
  requireOption('notice.topic', topicRule, topic);
  requireOption('notice.health', healthRule, health);
  requireOption('notice.seq', optional(seqRule), seq);
  requireOption('notice.at', optional(timeRule), at);
  requireOption('notice.detail', optional(topicRule), detail);
  return {
    type: 'health',
    topic,
    health,
    ...given({ seq, at, detail: detail === undefined ? detail : detailLine(detail) }),
  };
}

function checkedGoaway(draft: Extract<NoticeDraft, { type: 'goaway' }>): NoticeDraft {
  const { reason, graceMs, uri, reconnectAfterMs, at } = draft;
  requireOption('notice.reason', text, reason);
  requireOption('notice.graceMs', durationMs, graceMs);
  requireOption('notice.uri', optional(uriRule), uri);
  requireOption('notice.reconnectAfterMs', optional(durationMs), reconnectAfterMs);
  requireOption('notice.at', optional(timeRule), at);
  return { type: 'goaway', reason, graceMs, ...given({ uri, reconnectAfterMs, at }) };
}

/** Returns the parts that are given. */
function given<TParts extends object>(parts: TParts): { [K in keyof TParts]?: Exclude<TParts[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as never;
}
