import type { Probe } from '@watchkeeper/core';
import { text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { attemptProbe } from './check/runCheck.ts';
import { existing } from './file/statTarget.ts';
import { type Settled, settle } from './options/resolveProbeOptions.ts';

export interface FileserverProbeOptions {
  /** The folder that is served. */
  readonly root: string;
}

/**
 * Asks whether the folder behind a file server is there, as GoDoxy does (INV-69).
 *
 * A missing folder fails; one that may not be looked at breaks the check. Whether it is a folder is not judged.
 *
 * @throws `InvalidOptionError` for a missing root.
 * @example
 * ```ts
 * import { fileserverProbe } from '@watchkeeper/probes/fileserver';
 *
 * export const downloads = fileserverProbe({ root: '/srv/downloads' });
 * ```
 */
export function fileserverProbe(options: FileserverProbeOptions): Probe {
  const { root } = settle<Settled<FileserverProbeOptions, 'root'>>('fileserverProbe', { root: text }, {}, options);
  return attemptProbe({ name: `fileserver://${root}`, redact: redaction(), unresolved: 'throw' }, async (attempt) => {
    attempt.stage('looking at the folder');
    await existing(root);
    return { status: 'pass' };
  });
}
