import { fromPromise } from 'xstate';

/** Takes the program out of discovery: no new work should be sent here. `signal` aborts when its time is up. */
export type Withdraw = (signal: AbortSignal) => void | Promise<void>;

/** Takes the program out of discovery once; leaving the state that does so aborts its signal. */
export const withdraw = fromPromise<void, { withdraw: Withdraw }>(async ({ input, signal }) => {
  // Yield first: foreign code must not run inside the transition that starts it.
  await undefined;
  await input.withdraw(signal);
});
