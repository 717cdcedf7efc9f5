import { spawn } from 'node:child_process';

/** What came of a program: all it printed, and whether it ended by a fault of its own. */
export type Run = { readonly failed: boolean; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end, or, where it goes on for ever, for a second after it first prints something. */
export function runBriefly(program: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    const limit = setTimeout(() => child.kill('SIGKILL'), 40_000);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') setTimeout(() => child.kill('SIGTERM'), 1_000).unref();
      stdout += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ failed: code !== 0 && signal !== 'SIGTERM', stdout, stderr });
    });
  });
}
