// Programs that are asked by a line and answer with a line, whatever they are written in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Starts a program; its first line is what it says when it is ready. It ends with its standard input. */
export async function startTalking(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hear = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`${program} ${args.join(' ')} ended`);
    return value;
  };
  const ready = await hear();
  return {
    ready,
    pid: child.pid,
    /** The next line it says by itself. */
    hear,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return hear();
    },
    async end() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** The other end: answers each line by the command it begins with, and ends with the parent, however that ends. */
export async function answerLines(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...args] = line.split(' ');
    console.log(String(await commands[name](...args)));
  }
  process.exit();
}
