import type { SupervisorEvent } from '@watchkeeper/core';
import type { Law, LawfulSupervisor, LawScope } from './law.ts';
import type { Wait, Waits } from './waits.ts';

/** What a law that is watched needs of its watch. */
export interface WatchedLawInput {
  readonly supervisor: LawfulSupervisor;
  readonly isFromStart: boolean;
  readonly waits: Waits;
  readonly slackMs: number;
  readonly maxKeys: number;
  /** Called with what was seen. */
  readonly report: (law: string, found: string) => void;
}

/** One law while it is watched: what it remembers and waits for. */
export class WatchedLaw implements LawScope {
  readonly #law: Law;
  readonly #input: WatchedLawInput;
  readonly #kept = new Map<string, string>();
  readonly #waits = new Map<string, Wait>();
  #isOver = false;
  #forgotten = 0;

  constructor(law: Law, input: WatchedLawInput) {
    this.#law = law;
    this.#input = input;
    input.waits.add(this.#waits);
  }

  get supervisor(): LawScope['supervisor'] {
    return this.#input.supervisor;
  }

  get isFromStart(): boolean {
    return this.#input.isFromStart;
  }

  /** Keys that were forgotten for lack of room. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Reads an event. A law that throws is over. */
  readonly read = (event: SupervisorEvent): void => {
    if (this.#isOver) return;
    try {
      this.#law.read(event, this);
    } catch (cause) {
      this.#end(cause);
    }
  };

  violated(found: string): void {
    this.#input.report(this.#law.name, String(found));
  }

  wait(key: string, ms: number, overdue: () => void): void {
    const waits = this.#waits;
    if (waits.size >= this.#input.maxKeys && !waits.has(key)) this.#dropOldest(waits);
    this.#input.waits.wait(waits, key, ms + this.#input.slackMs, () => {
      try {
        overdue();
      } catch (cause) {
        this.#end(cause);
      }
    });
  }

  met(key: string): void {
    this.#waits.delete(key);
  }

  keep(key: string, value: string): void {
    const kept = this.#kept;
    if (!kept.delete(key) && kept.size >= this.#input.maxKeys) this.#dropOldest(kept);
    kept.set(key, value);
  }

  kept(key: string): string | undefined {
    return this.#kept.get(key);
  }

  forget(key: string): void {
    this.#kept.delete(key);
  }

  #dropOldest(keys: Map<string, unknown>): void {
    for (const key of keys.keys()) {
      keys.delete(key);
      break;
    }
    this.#forgotten += 1;
  }

  #end(cause: unknown): void {
    this.#isOver = true;
    this.#waits.clear();
    this.#kept.clear();
    this.violated(`the law itself threw, and is watched no more: ${textOf(cause)}`);
  }
}

function textOf(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return 'something without text';
  }
}
