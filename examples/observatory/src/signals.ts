import { constants } from 'node:os';

const names = ['SIGINT', 'SIGTERM'] as const;

/** A Ctrl-C reaches a program under `npm start` twice, from the terminal and from npm: this soon it is the same one. */
const sameMs = 300;

/** Settles at the first SIGINT or SIGTERM. A second one ends the program at once, with 130 or 143 as shells have it. */
export function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const hear = (name: (typeof names)[number]) => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > sameMs) process.exit(128 + constants.signals[name]);
      resolve(name);
    };
    for (const name of names) process.on(name, hear);
  });
}
