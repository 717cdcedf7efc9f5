import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Probe, Verdict } from '@watchkeeper/core';
import { optional, positiveCount, type Rule, text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { listOf, recordOf, string } from './options/rules.ts';

export interface ExecProbeOptions {
  /** The program and its arguments. No shell reads them. */
  readonly argv: readonly [program: string, ...args: string[]];
  readonly cwd?: string;
  /** The whole environment of the program; its values never appear in a verdict. @default only `PATH` */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that warn. @default none */
  readonly warnExitCodes?: readonly number[];
  /** How much output is kept for the verdict, in bytes; the rest is read and dropped. @default 4096 */
  readonly maxOutputBytes?: number;
}

type Settings = Resolved<ExecProbeOptions, 'argv' | 'env' | 'maxOutputBytes'>;

const argvRule = listOf(string) as Rule<readonly [string, ...string[]]>;
const exitCode: Rule<number> = {
  is: 'an exit code from 1 to 255',
  accepts: (value): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) < 256,
};

const rules = {
  argv: {
    is: `${argvRule.is}, and the first not empty`,
    accepts: (value): value is readonly [string, ...string[]] => argvRule.accepts(value) && value[0] !== '',
  } satisfies Rule<readonly [string, ...string[]]>,
  cwd: optional(text),
  env: recordOf(string),
  warnExitCodes: optional(listOf(exitCode)),
  maxOutputBytes: positiveCount,
};

/** How long output may trail behind the exit, where somebody else holds the pipe. */
const outputTrailMs = 100;

/**
 * Runs a program: exit code 0 passes, those of `warnExitCodes` warn, all else fails.
 *
 * On abort, and whenever the program ends, it is killed together with what it started. A program that
 * cannot be started breaks the check.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { execProbe } from '@watchkeeper/probes/exec';
 *
 * export const database = execProbe({ argv: ['pg_isready', '--quiet', '--host=db'] });
 * ```
 */
export function execProbe(options: ExecProbeOptions): Probe {
  const defaults = { env: { PATH: process.env['PATH'] ?? '' }, maxOutputBytes: 4_096 };
  const settings = resolveProbeOptions<Settings>('execProbe', rules, defaults, options);
  const redact = redaction(options.env === undefined ? [] : Object.values(settings.env));
  const name = redact(`exec:${basename(settings.argv[0])}`);
  return probeOf({ name, redact, unresolved: 'throw', refused: 'throw' }, (check) => runProgram(check, settings));
}

function runProgram(check: Check, { argv, cwd, env, warnExitCodes, maxOutputBytes }: Settings): Promise<Verdict> {
  check.phase('running the program');
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      // A group of its own, so that whatever it starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let timer: NodeJS.Timeout | undefined;
    check.defer(() => {
      clearTimeout(timer);
      killGroup(child);
    });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        output[stream] += chunk.slice(0, Math.max(0, maxOutputBytes - output[stream].length));
      });
    }
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const conclude = (): void => resolve(judge(code, signal, output.stderr || output.stdout, warnExitCodes));
      child.once('close', conclude);
      timer = setTimeout(conclude, outputTrailMs);
      killGroup(child, false);
    });
  });
}

function judge(
  code: number | null,
  signal: NodeJS.Signals | null,
  output: string,
  warnExitCodes: readonly number[] = [],
): Verdict {
  if (code === 0) return { status: 'pass', measured: { exitCode: 0 } };
  const how = code === null ? `killed by ${signal}` : `exit code ${code}`;
  const firstLine = output.trim().split('\n')[0] ?? '';
  return {
    status: code !== null && warnExitCodes.includes(code) ? 'warn' : 'fail',
    detail: firstLine === '' ? how : `${how}: ${firstLine}`,
    ...(code === null ? {} : { measured: { exitCode: code } }),
  };
}

/** Kills the program and its group, and lets go of its output. */
function killGroup(child: ChildProcess, andOutput = true): void {
  if (andOutput) {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}
