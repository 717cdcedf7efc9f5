import { execFile } from 'node:child_process';

/** Result of a program: all it printed, and whether it ended with anything but 0. */
export type Run = { readonly failed: boolean; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end, which has to come within 40 s. */
export function runToEnd(program: string): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program], { timeout: 40_000 }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, stdout, stderr });
    });
  });
}
