import type { Clock } from '@watchkeeper/core';
import { InvalidOptionError, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { EventLists } from './commands/allowedEvents.ts';
import type { CommandRecord } from './commands/commands.ts';
import { hostClock } from './hostClock.ts';
import { type CommandName, commandNames } from './protocol/clientMessage.ts';

/** Options of the inspector. Every option may be left out. */
export interface InspectOptions {
  /**
   * The port on 127.0.0.1; when it is taken, the next free one. 0 takes any.
   * @default 4600
   */
  readonly port?: number;
  /**
   * Who may look: `machine` lets in whoever can open a page on this machine, `link` only who has the whole
   * {@link Inspector.url}, which carries a secret.
   * @default 'machine'
   */
  readonly access?: 'machine' | 'link';
  /**
   * Pages open at once; a further one is refused with 503.
   * @default 8
   */
  readonly maxViewers?: number;
  /**
   * Time between two looks at the actors while a page is open, in milliseconds. It grows by itself when a look
   * takes more than a two-hundredth of it.
   * @default 100
   */
  readonly tickMs?: number;
  /**
   * When what happens to actors is written down: `watched` only while a page is open, `always` also before, so that
   * a page that is opened late shows it.
   * @default 'watched'
   */
  readonly history?: 'watched' | 'always';
  /**
   * What a page may do. With any, `access` must be `link`.
   * @default nothing: the page is read-only
   */
  readonly commands?: readonly CommandName[];
  /**
   * The events a page may send, by the id of the machine whose actors they are for: from the chart, while
   * `snapshot.can()` says that the actor would take them, with a payload of at most 1024 bytes of JSON. With any,
   * `access` must be `link`. For actors of a plain XState program only: a supervisor takes no events for its monitors,
   * notifiers and sessions from outside, and is refused with this option; `commands` are what can be done to those.
   * @default no event for any machine
   */
  readonly events?: EventLists;
  /**
   * Called with every command and every event, refused ones too; it must not throw.
   * @default nobody
   */
  readonly onCommand?: (entry: CommandRecord) => void;
  /**
   * Where all time comes from (INV-78).
   * @default the system's clock
   */
  readonly clock?: Clock;
}

/** Defaults of the inspector. */
export const inspectDefaults = {
  port: 4_600,
  access: 'machine',
  maxViewers: 8,
  tickMs: 100,
  history: 'watched',
  commands: [],
  events: {},
  onCommand: () => {},
} as const satisfies Required<Omit<InspectOptions, 'clock'>>;

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const isEventList = (list: unknown): list is readonly string[] =>
  Array.isArray(list) && list.every((event) => typeof event === 'string' && /^(?!xstate\.)[^*]{1,200}$/.test(event));

const rules: Rules<InspectOptions> = {
  port: {
    is: 'a port number from 0 to 65535',
    accepts: (value): value is number => isWhole(value, 0, 65_535),
  },
  access: {
    is: 'one of "machine", "link"',
    accepts: (value): value is 'machine' | 'link' => value === 'machine' || value === 'link',
  },
  maxViewers: {
    is: 'a whole number of 1 or more',
    accepts: (value): value is number => isWhole(value, 1, Number.MAX_SAFE_INTEGER),
  },
  tickMs: {
    is: 'a number of milliseconds from 10 to 60000',
    accepts: (value): value is number => typeof value === 'number' && value >= 10 && value <= 60_000,
  },
  history: {
    is: 'one of "watched", "always"',
    accepts: (value): value is 'watched' | 'always' => value === 'watched' || value === 'always',
  },
  commands: {
    is: `a list of ${commandNames.map((name) => JSON.stringify(name)).join(', ')}`,
    accepts: (value): value is readonly CommandName[] =>
      Array.isArray(value) && value.every((name) => commandNames.includes(name)),
  },
  events: {
    is: 'lists of events by machine id, none of them XState\'s own ("xstate.") or a pattern ("*")',
    accepts: (value): value is EventLists =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isEventList),
  },
  onCommand: {
    is: 'a function',
    accepts: (value): value is (entry: CommandRecord) => void => typeof value === 'function',
  },
  clock: {
    is: 'an object with now(), setTimeout(), clearTimeout()',
    accepts: (value): value is Clock =>
      typeof value === 'object' &&
      value !== null &&
      ['now', 'setTimeout', 'clearTimeout'].every((name) => name in value),
  },
};

/** Complete and checked options of the inspector. */
export type ResolvedInspectOptions = Readonly<Required<InspectOptions>>;

/** @throws `InvalidOptionError` for the first option that breaks its rule, or that no rule knows. */
export function resolveInspectOptions(given?: InspectOptions): ResolvedInspectOptions {
  const defaults = { ...inspectDefaults, clock: hostClock };
  const resolved = resolveOptions<Required<InspectOptions>>('inspect', rules, defaults, given);
  if (resolved.commands.length > 0 && resolved.access !== 'link') {
    throw new InvalidOptionError('inspect.access', '"link" when there are commands', resolved.access);
  }
  if (allowsEvents(resolved) && resolved.access !== 'link') {
    throw new InvalidOptionError('inspect.access', '"link" when there are events', resolved.access);
  }
  return resolved;
}

/** Whether the options allow any event. */
export function allowsEvents({ events }: Pick<ResolvedInspectOptions, 'events'>): boolean {
  return Object.values(events).some((list) => list.length > 0);
}
