import type { Probe } from '@watchkeeper/core';
import { text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { attemptProbe } from './check/runCheck.ts';
import { type Settled, settle } from './options/resolveProbeOptions.ts';
import { wireOf } from './socket/byteReader.ts';
import { dial } from './socket/dial.ts';
import { type ConversationOptions, conversationDefaults, conversationRules, converse } from './socket/script.ts';

export interface UnixProbeOptions extends ConversationOptions {
  /** The path of the socket. */
  readonly path: string;
}

/**
 * Asks whether a unix socket accepts connections and, with `script` or `minBytes`, whether it answers.
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
  const settings = settle<Settled<UnixProbeOptions, 'path' | 'quietMs' | 'maxBytes'>>(
    'unixProbe',
    { ...conversationRules, path: text },
    conversationDefaults,
    options,
  );
  const talks = settings.script !== undefined || settings.minBytes !== undefined;
  return attemptProbe(
    { name: `unix://${settings.path}`, redact: redaction(), unresolved: 'throw' },
    async (attempt) => {
      attempt.stage('connecting');
      const socket = await dial(attempt, { path: settings.path });
      return talks ? converse(attempt, wireOf(attempt, socket), settings) : { status: 'pass' };
    },
  );
}
