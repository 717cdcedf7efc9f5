/** Takes one line for people. Secrets have no place in it. */
export type Log = (line: string) => void;

/** Writes lines to standard output, with the time. */
export const consoleLog: Log = (line) => {
  console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
};
