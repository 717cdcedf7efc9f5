import type { ClientMessage, CommandName } from './inbound.ts';
import type { InspectedKeeper } from './inspectedKeeper.ts';

/** One command and what became of it, for the record. */
export type CommandRecord = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly name: CommandName;
  /** The monitor it was meant for; missing for the whole. */
  readonly monitor?: string;
  /** How long a pause was to last, in milliseconds; missing for one without an end. */
  readonly ttlMs?: number;
  /** Which page sent it, counted from the first that opened. */
  readonly page: number;
  readonly ok: boolean;
  /** Why not. */
  readonly why?: string;
};

/** Commands a page may send at once, and how many it regains in a second. */
export const commandBurst = 20;
export const commandsPerSecond = 4;

type Command = Extract<ClientMessage, { type: 'command' }>;

export type CommandsInput = {
  readonly keeper: Pick<InspectedKeeper, 'monitorOf' | 'drain'>;
  readonly allowed: readonly CommandName[];
  readonly now: () => number;
  /** Hears of every command, refused ones too. */
  readonly record: (entry: CommandRecord) => void;
};

/** Does what a page asks for, as far as the program allows it, and writes down all of it. */
export class Commands {
  readonly #input: CommandsInput;
  readonly #allowances = new Map<number, { left: number; at: number }>();

  constructor(input: CommandsInput) {
    this.#input = input;
  }

  /** Does one command of one page, or answers why not. */
  run(command: Command, page: number): CommandRecord {
    const why = this.#refusal(command, page) ?? this.#perform(command);
    const { name, monitor, ttlMs } = command;
    const entry: CommandRecord = {
      at: this.#input.now(),
      name,
      ...(monitor === undefined ? {} : { monitor }),
      ...(ttlMs === undefined ? {} : { ttlMs }),
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
    this.#allowances.delete(page);
  }

  #refusal({ name }: Command, page: number): string | undefined {
    const { allowed } = this.#input;
    if (allowed.length === 0) return 'This page is read-only.';
    if (!allowed.includes(name)) return `The program does not allow ${name}.`;
    return this.#takeAllowance(page) ? undefined : 'Too many commands: wait a moment.';
  }

  #perform({ name, monitor, ttlMs }: Command): string | undefined {
    const { keeper } = this.#input;
    if (name === 'drain') {
      void keeper.drain();
      return undefined;
    }
    const target = monitor === undefined ? undefined : keeper.monitorOf(monitor);
    if (target === undefined) return 'There is no such monitor any more.';
    if (name === 'pause') target.pause(ttlMs);
    else target[name]();
    return undefined;
  }

  #takeAllowance(page: number): boolean {
    const now = this.#input.now();
    const { left, at } = this.#allowances.get(page) ?? { left: commandBurst, at: now };
    const regained = Math.min(commandBurst, left + ((now - at) / 1_000) * commandsPerSecond);
    this.#allowances.set(page, { left: Math.max(0, regained - 1), at: now });
    return regained >= 1;
  }
}
