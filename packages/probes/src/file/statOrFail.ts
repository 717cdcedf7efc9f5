import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { TargetFault } from '../check/errors.ts';
import { codeOf } from '../check/networkErrors.ts';

/** Returns the `stat` of `path`; a missing one is the target's fault. */
export async function statOrFail(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? new TargetFault(`${path} does not exist`) : error;
  }
}
