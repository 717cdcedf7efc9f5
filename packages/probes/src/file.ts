import { constants, open } from 'node:fs/promises';
import type { Clock, Probe, Verdict } from '@watchkeeper/core';
import { count, objectWith, optional, positiveCount, positiveMs, text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import { statOrFail } from './file/statOrFail.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { pattern } from './options/rules.ts';

export interface FileProbeOptions {
  readonly path: string;
  /** Fail when the file was written longer ago than this, in milliseconds. */
  readonly maxAgeMs?: number;
  /** Warn when the file was written longer ago than this, in milliseconds. */
  readonly warnAgeMs?: number;
  readonly minBytes?: number;
  readonly contains?: string;
  readonly matches?: RegExp;
  /** How much of the content is read, in bytes; a longer file fails if rules judge it. @default 65536 */
  readonly maxBytes?: number;
  /** Tells the time that ages are measured by. @default the system's */
  readonly clock?: Pick<Clock, 'now'>;
}

type Settings = Resolved<FileProbeOptions, 'path' | 'maxBytes' | 'clock'>;

const rules = {
  path: text,
  maxAgeMs: optional(positiveMs),
  warnAgeMs: optional(positiveMs),
  minBytes: optional(count),
  contains: optional(text),
  matches: optional(pattern),
  maxBytes: positiveCount,
  clock: objectWith<Pick<Clock, 'now'>>('now'),
};

/**
 * Checks whether a file is there and, where rules say so, fresh and as it should be.
 *
 * A missing file fails; one that may not be looked at breaks the check (INV-69).
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { fileProbe } from '@watchkeeper/probes/file';
 *
 * export const backup = fileProbe({ path: '/var/backups/latest.dump', maxAgeMs: 26 * 3_600_000, minBytes: 1 });
 * ```
 */
export function fileProbe(options: FileProbeOptions): Probe {
  const defaults = { maxBytes: 65_536, clock: Date };
  const settings = resolveProbeOptions<Settings>('fileProbe', rules, defaults, options);
  const name = `file://${settings.path}`;
  return probeOf({ name, redact: redaction(), unresolved: 'throw' }, async (check) => {
    check.phase('looking at the file');
    const found = await statOrFail(settings.path);
    const ageMs = Math.max(0, settings.clock.now() - found.mtimeMs);
    const measured = { bytes: found.size, ageMs: Math.round(ageMs) };
    const verdict = judgeFile(found.size, ageMs, settings);
    if (verdict.status === 'fail' || (settings.contains === undefined && settings.matches === undefined)) {
      return { ...verdict, measured };
    }
    // Opening a pipe or a device could wait for ever, beyond the reach of any signal.
    if (!found.isFile()) return { status: 'fail', detail: 'not a regular file', measured };
    check.phase('reading the file');
    const fault = judgeContent(await head(settings.path, settings.maxBytes), settings);
    return { ...(fault === undefined ? verdict : { status: 'fail', detail: fault }), measured };
  });
}

function judgeFile(bytes: number, ageMs: number, { minBytes, maxAgeMs, warnAgeMs }: Settings): Verdict {
  const old = (limitMs: number) => `last written ${Math.round(ageMs / 1000)} s ago, expected ${limitMs / 1000} s`;
  if (minBytes !== undefined && bytes < minBytes) {
    return { status: 'fail', detail: `holds ${bytes} bytes, expected ${minBytes}` };
  }
  if (maxAgeMs !== undefined && ageMs > maxAgeMs) return { status: 'fail', detail: old(maxAgeMs) };
  if (warnAgeMs !== undefined && ageMs > warnAgeMs) return { status: 'warn', detail: old(warnAgeMs) };
  return { status: 'pass' };
}

function judgeContent(content: Buffer, { maxBytes, contains, matches }: Settings): string | undefined {
  if (content.length > maxBytes) return `content is larger than ${maxBytes} bytes`;
  const read = content.toString('utf8');
  if (contains !== undefined && !read.includes(contains)) return `content does not contain ${JSON.stringify(contains)}`;
  if (matches && read.search(matches) < 0) return `content does not match ${matches}`;
  return undefined;
}

/** The first bytes of a file, one more than `maxBytes` where it is longer. */
async function head(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const content = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(content, length, content.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === content.length) return content.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}
