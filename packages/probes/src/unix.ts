import type { Probe } from '@watchkeeper/core';
import { text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { byteReader } from './socket/byteReader.ts';
import { dial } from './socket/dial.ts';
import { runScript, type ScriptOptions, scriptDefaults, scriptRules, talks } from './socket/script.ts';

export interface UnixProbeOptions extends ScriptOptions {
  /** The path of the socket. */
  readonly path: string;
}

/**
 * Checks whether a unix socket accepts connections and, with `script` or `minBytes`, whether it answers.
 *
 * A missing socket and a file that is no socket fail. One that may not be opened breaks the check.
 *
 * @throws `InvalidOptionError` for a missing path or another bad option.
 * @example
 * ```ts
 * import { unixProbe } from '@watchkeeper/probes/unix';
 *
 * export const cache = unixProbe({
 *   path: '/run/redis.sock',
 *   script: [{ send: 'PING\r\n' }, { expect: '+PONG' }],
 * });
 * ```
 */
export function unixProbe(options: UnixProbeOptions): Probe {
  const settings = resolveProbeOptions<Resolved<UnixProbeOptions, 'path' | 'quietMs' | 'maxBytes'>>(
    'unixProbe',
    { ...scriptRules, path: text },
    scriptDefaults,
    options,
  );
  return probeOf({ name: `unix://${settings.path}`, redact: redaction(), unresolved: 'throw' }, async (check) => {
    check.phase('connecting');
    const socket = await dial(check, { path: settings.path });
    return talks(settings) ? runScript(check, byteReader(check, socket), settings) : { status: 'pass' };
  });
}
