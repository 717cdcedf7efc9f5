import { spawn } from 'node:child_process';
import { fromCallback } from 'xstate';

/** A command to run, and where. */
export type CommandInput = { readonly words: readonly string[]; readonly folder: string };

/** Event of a running command. */
export type CommandEvent =
  /** It printed something, which is how port-forwards say that they listen. */
  { readonly type: 'ready'; readonly pid: number } | { readonly type: 'exited'; readonly why: string };

/** One run of a command. Whoever ends this actor ends the command, one that hangs as well. */
export const commandLogic = fromCallback<{ type: 'none' }, CommandInput>(({ input: { words, folder }, sendBack }) => {
  const tell = (event: CommandEvent) => sendBack(event);
  const [program = '', ...args] = words;
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us: in a group of its own the command does not hear it, and is not brought back while we leave.
    detached: true,
  });
  let lastWords = '';
  child.stderr.on('data', (piece) => {
    lastWords = lastLineOf(String(piece)) || lastWords;
  });
  child.stdin.on('error', () => {});
  child.stdout.once('data', () => tell({ type: 'ready', pid: child.pid ?? 0 }));
  child.stdout.resume();
  child.once('error', ({ message }) => tell({ type: 'exited', why: message }));
  child.once('close', (code, signal) => {
    const how = signal ?? `exit code ${code}`;
    tell({ type: 'exited', why: lastWords === '' ? how : `${how}, ${lastWords}` });
  });
  return () => {
    child.removeAllListeners();
    // One that was stopped, or hangs, would never hear of anything milder.
    child.kill('SIGKILL');
  };
});

const mostCharacters = 200;

/** The last line of a command mostly says why it ends. */
const lastLineOf = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, mostCharacters) ?? '';
