import { WatchkeeperError } from '@watchkeeper/core';
import type { World } from '../world.ts';

/** Calls what must be refused by now, and says whether it was, by an error with `code`. */
export function refused({ court }: World, law: string, code: string, call: () => unknown): string {
  let met: unknown = 'no refusal';
  try {
    call();
  } catch (error) {
    met = error instanceof WatchkeeperError ? error.code : error;
  }
  court.hold(law, met === code, () => `expected ${code}, met ${met}`);
  return `refused with ${code}`;
}
