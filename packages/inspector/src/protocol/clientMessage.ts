import type { WantedEvent } from './allowedEvent.ts';
import type { ShownKind } from './shownActor.ts';

/** Commands of a page to a monitor or to the supervisor, as far as the program allows them. */
export const commandNames = ['check', 'pause', 'resume', 'stop', 'drain'] as const;

export type CommandName = (typeof commandNames)[number];

/** Longest pause a page may ask for, in milliseconds: a week. A longer one has no end. */
export const longestPauseMs = 604_800_000;

/** Message of a page to the program. */
export type ClientMessage =
  /** Asks for the details of one actor; without `actorId`, of none. */
  | { readonly type: 'watch'; readonly actorId?: string }
  /** Asks for the coverage of the chart of one kind; without `kind`, of none. */
  | { readonly type: 'cover'; readonly kind?: ShownKind }
  /** Asks for a trace of the messages of the watched actor, for `forMs` milliseconds; 0 ends it. */
  | { readonly type: 'trace'; readonly forMs: number }
  | {
      readonly type: 'command';
      /** Number of the command, given by the page; comes back in the answer. */
      readonly id: number;
      readonly name: CommandName;
      /** Id of the monitor; missing for the supervisor. */
      readonly monitor?: string;
      /** Duration of a pause, in milliseconds; without it, until it is resumed. */
      readonly ttlMs?: number;
    }
  /** Asks to have an event sent to an actor. */
  | ({ readonly type: 'send'; readonly id: number } & WantedEvent);

const countedKinds: readonly ShownKind[] = ['supervisor', 'monitor', 'notifier', 'session', 'service'];

/** Reads a message of a page; returns undefined for any other text. */
export function readMessage(text: string): ClientMessage | undefined {
  const said = parsed(text);
  if (said?.['type'] === 'watch') {
    const { actorId } = said;
    return typeof actorId === 'string' ? { type: 'watch', actorId } : { type: 'watch' };
  }
  if (said?.['type'] === 'cover') {
    const kind = countedKinds.find((each) => each === said['kind']);
    return kind === undefined ? { type: 'cover' } : { type: 'cover', kind };
  }
  if (said?.['type'] === 'trace') {
    const { forMs } = said;
    return typeof forMs === 'number' && forMs >= 0 ? { type: 'trace', forMs } : undefined;
  }
  if (said?.['type'] === 'send') return sendOf(said);
  return said?.['type'] === 'command' ? commandOf(said) : undefined;
}

function commandOf({ id, name, monitor, ttlMs }: Record<string, unknown>): ClientMessage | undefined {
  const known = commandNames.find((each) => each === name);
  if (known === undefined || !Number.isSafeInteger(id)) return undefined;
  const command = {
    type: 'command',
    id: id as number,
    name: known,
    ...(typeof monitor === 'string' ? { monitor } : {}),
  } as const;
  if (ttlMs === undefined) return command;
  const isPause = known === 'pause' && typeof ttlMs === 'number' && ttlMs >= 1 && ttlMs <= longestPauseMs;
  return isPause ? { ...command, ttlMs } : undefined;
}

/** Longest event type that is read, in characters. */
const longestEvent = 200;

function sendOf({ id, actorId, event, payload }: Record<string, unknown>): ClientMessage | undefined {
  if (!Number.isSafeInteger(id) || typeof actorId !== 'string' || typeof event !== 'string') return undefined;
  if (event.length > longestEvent) return undefined;
  const send = { type: 'send', id: id as number, actorId, event } as const;
  if (payload === undefined) return send;
  return isObject(payload) ? { ...send, payload: { ...payload } } : undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    // A key that would change what an object inherits reaches nobody's code.
    const value: unknown = JSON.parse(text, (key, inner: unknown) => (key === '__proto__' ? undefined : inner));
    return isObject(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
