import type { Probe } from '@watchkeeper/core';
import { text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { statOrFail } from './file/statOrFail.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';

export interface FileserverProbeOptions {
  /** The folder that is served. */
  readonly root: string;
}

/**
 * Checks whether the folder behind a file server is there, as GoDoxy does (INV-69).
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
  const { root } = resolveProbeOptions<Resolved<FileserverProbeOptions, 'root'>>(
    'fileserverProbe',
    { root: text },
    {},
    options,
  );
  return probeOf({ name: `fileserver://${root}`, redact: redaction(), unresolved: 'throw' }, async (check) => {
    check.phase('looking at the folder');
    await statOrFail(root);
    return { status: 'pass' };
  });
}
