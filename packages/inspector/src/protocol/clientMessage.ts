import type { WantedEvent } from './allowedEvent.ts';
import type { ShownKind } from './shownActor.ts';

/** What a page may do to a monitor or to the whole, when the program allows it. */
export const commandNames = ['check', 'pause', 'resume', 'stop', 'drain'] as const;

export type CommandName = (typeof commandNames)[number];

/** The longest pause a page may ask for, in milliseconds: a week. A longer one is asked for without an end. */
export const longestPauseMs = 604_800_000;

/** What a page may say. */
export type ClientMessage =
  /** Asks for all there is to know of one actor; without one, of none. */
  | { readonly type: 'watch'; readonly actorId?: string }
  /** Asks what of the chart of one kind was ever taken; without one, of none. */
  | { readonly type: 'cover'; readonly kind?: ShownKind }
  /** Asks to have the messages of the watched actor traced for so long, in milliseconds; 0 ends it. */
  | { readonly type: 'trace'; readonly forMs: number }
  | {
      readonly type: 'command';
      /** The page's own number, which comes back in the answer. */
      readonly id: number;
      readonly name: CommandName;
      /** The monitor it is meant for; nothing for the whole. */
      readonly monitor?: string;
      /** How long a pause lasts, in milliseconds; without it, until it is resumed. */
      readonly ttlMs?: number;
    }
  /** Asks to have an event sent to an actor. */
  | ({ readonly type: 'send'; readonly id: number } & WantedEvent);

const countedKinds: readonly ShownKind[] = ['supervisor', 'monitor', 'notifier', 'session'];

/** Reads what a page sent; nothing when it is no message. */
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

/** The longest type of an event that is read, in characters. */
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
