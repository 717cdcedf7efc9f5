import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../sourceFiles.ts';

/** End of a program: by a code of its own, or by a signal. */
export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A program in a process of its own. Dispose it: what still runs then is killed. */
export interface Forked extends AsyncDisposable {
  /** All lines so far, of both outputs. */
  readonly lines: readonly string[];
  /** The first line that matches, once it has come; rejects when the program ends or `timeoutMs` pass without it. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Sends a real signal. */
  signal(name: NodeJS.Signals): void;
  /** Settles when the process is gone and its last line is read. */
  readonly ended: Promise<Ending>;
}

/** Runs a command in the workspace's folder, with no terminal and no standard input. */
export function fork(command: string, ...args: readonly string[]): Forked {
  return new ForkedProgram(spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }));
}

class ForkedProgram implements Forked {
  readonly lines: string[] = [];
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      if (output !== null) createInterface({ input: output }).on('line', (line) => this.#take(line));
    }
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#isOver = true;
        this.#wake();
        resolve({ code, signal });
      });
    });
  }

  line(pattern: RegExp, timeoutMs = 120_000): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(new Error(`${why} before a line like ${pattern}; it printed\n${this.lines.join('\n')}`));
      const look = () => {
        const found = this.lines.find((line) => pattern.test(line));
        if (found === undefined && !this.#isOver) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        if (found === undefined) fail('The program ended');
        else resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        fail(`${timeoutMs} ms passed`);
      }, timeoutMs);
      this.#waiting.add(look);
      look();
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#child.kill('SIGKILL');
    await this.ended;
  }

  #take(line: string): void {
    this.lines.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }
}
