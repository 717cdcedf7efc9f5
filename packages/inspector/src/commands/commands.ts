import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { ClientMessage, CommandName } from '../protocol/clientMessage.ts';
import type { AllowedEvents } from './allowedEvents.ts';
import { RateLimit } from './rateLimit.ts';

/** One command and what became of it, for the record. */
export type CommandRecord = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What was to be done; `send` is an event for an actor. */
  readonly name: CommandName | 'send';
  /** The monitor it was meant for; missing for the whole. */
  readonly monitor?: string;
  /** How long a pause was to last, in milliseconds; missing for one without an end. */
  readonly ttlMs?: number;
  /** The actor an event was meant for, by its address. */
  readonly actorId?: string;
  /** The type of the event; what it carried is not written down. */
  readonly event?: string;
  /** Which page sent it, counted from the first that opened. */
  readonly page: number;
  readonly ok: boolean;
  /** Why not. */
  readonly why?: string;
};

type Command = Extract<ClientMessage, { type: 'command' }>;

/** What a page asks to have done. */
type Asked = Command | Extract<ClientMessage, { type: 'send' }>;

export type CommandsInput = {
  readonly supervisor: Pick<InspectedSupervisor, 'monitorOf' | 'drain'>;
  readonly allowed: readonly CommandName[];
  /** What may be sent to actors; missing where nothing may. */
  readonly events?: Pick<AllowedEvents, 'send'> | undefined;
  readonly now: () => number;
  /** Hears of every command, refused ones too. */
  readonly record: (entry: CommandRecord) => void;
};

/** Does what a page asks for, as far as the program allows it, and writes down all of it. */
export class Commands {
  readonly #input: CommandsInput;
  readonly #rateLimit: RateLimit;

  constructor(input: CommandsInput) {
    this.#input = input;
    this.#rateLimit = new RateLimit(input.now);
  }

  /** Does one command of one page, or answers why not. */
  run(asked: Asked, page: number): CommandRecord {
    const why = this.#refusal(asked, page) ?? this.#perform(asked);
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

  /** Forgets a page that has gone. */
  forget(page: number): void {
    this.#rateLimit.forget(page);
  }

  #refusal(asked: Asked, page: number): string | undefined {
    const { allowed, events } = this.#input;
    if (allowed.length === 0 && events === undefined) return 'This page is read-only.';
    if (asked.type === 'send' && events === undefined) return 'The program does not allow events.';
    if (asked.type === 'command' && !allowed.includes(asked.name)) return `The program does not allow ${asked.name}.`;
    return this.#rateLimit.allow(page) ? undefined : 'Too many commands: wait a moment.';
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
    if (name === 'pause') target.pause(ttlMs);
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
