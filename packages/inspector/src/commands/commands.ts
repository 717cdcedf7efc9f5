import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ClientMessage, CommandName } from '../protocol/clientMessage.ts';
import type { AllowedEvents } from './allowedEvents.ts';
import { RateLimit } from './rateLimit.ts';

/** Record of one command and its result. */
export type CommandRecord = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Name of the command; `send` is an event for an actor. */
  readonly name: CommandName | 'send';
  /** Id of the monitor; missing for the supervisor. */
  readonly monitor?: string;
  /** Duration of a pause, in milliseconds; missing for one without an end. */
  readonly ttlMs?: number;
  /** Address of the actor an event was meant for. */
  readonly actorId?: string;
  /** Type of the event; its payload is not recorded. */
  readonly event?: string;
  /** Number of the page that sent it, in the order of opening. */
  readonly page: number;
  readonly ok: boolean;
  /** Reason of a refusal. */
  readonly why?: string;
};

type Command = Extract<ClientMessage, { type: 'command' }>;

/** Request of a page: a command or an event. */
type Asked = Command | Extract<ClientMessage, { type: 'send' }>;

export type CommandsInput = {
  readonly supervisor: Pick<InspectedSupervisor, 'monitorOf' | 'drain'>;
  readonly allowed: readonly CommandName[];
  /** Events that may be sent to actors; missing where none are allowed. */
  readonly events?: Pick<AllowedEvents, 'send'> | undefined;
  readonly now: () => number;
  /** Called with every command, refused ones too. */
  readonly record: (entry: CommandRecord) => void;
};

/** Runs the commands of pages, as far as the program allows them, and records each. */
export class Commands {
  readonly #input: CommandsInput;
  readonly #rateLimit: RateLimit;

  constructor(input: CommandsInput) {
    this.#input = input;
    this.#rateLimit = new RateLimit(input.now);
  }

  /** Runs one command of one page; returns its record. */
  run(asked: Asked, page: number): CommandRecord {
    const why = this.#refusal(asked) ?? this.#perform(asked);
    const entry: CommandRecord = {
      at: this.#input.now(),
      ...subjectOf(asked),
      page,
      ok: why === undefined,
      ...(why === undefined ? {} : { why }),
    };
    try {
      this.#input.record(entry);
    } catch {
      // The record is the program's; that it failed is no reason to break the page's connection.
    }
    return entry;
  }

  #refusal(asked: Asked): string | undefined {
    const { allowed, events } = this.#input;
    if (allowed.length === 0 && events === undefined) return 'This page is read-only.';
    if (asked.type === 'send' && events === undefined) return 'The program does not allow events.';
    if (asked.type === 'command' && !allowed.includes(asked.name)) return `The program does not allow ${asked.name}.`;
    return this.#rateLimit.allow() ? undefined : 'Too many commands: wait a moment.';
  }

  #perform(asked: Asked): string | undefined {
    return asked.type === 'send' ? this.#input.events?.send(asked) : this.#command(asked);
  }

  #command({ name, monitor, ttlMs }: Command): string | undefined {
    const { supervisor } = this.#input;
    if (name === 'drain') {
      void supervisor.drain();
      return undefined;
    }
    const target = monitor === undefined ? undefined : supervisor.monitorOf(monitor);
    if (target === undefined) return 'There is no such monitor any more.';
    if (name === 'pause') target.pause(ttlMs === undefined ? {} : { ttlMs });
    else target[name]();
    return undefined;
  }
}

function subjectOf(asked: Asked): Omit<CommandRecord, 'at' | 'page' | 'ok' | 'why'> {
  if (asked.type === 'send') return { name: 'send', actorId: asked.actorId, event: asked.event };
  const { name, monitor, ttlMs } = asked;
  return {
    name,
    ...(monitor === undefined ? {} : { monitor }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  };
}
