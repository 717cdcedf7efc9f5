import { WatchkeeperError } from '@watchkeeper/core';
import type { World } from '../world.ts';

/** Calls what must be refused by now, and notes a violation of `law` unless it throws an error with `code`. */
export function expectRefusal({ violations }: World, law: string, code: string, call: () => unknown): string {
  let met: unknown = 'no refusal';
  try {
    call();
  } catch (error) {
    met = error instanceof WatchkeeperError ? error.code : error;
  }
  violations.expect(law, met === code, () => `expected ${code}, met ${met}`);
  return `refused with ${code}`;
}
