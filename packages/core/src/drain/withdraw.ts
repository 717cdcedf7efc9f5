import { fromPromise } from 'xstate';
import type { Withdraw } from '../supervisor/supervisorOptions.ts';

/** Takes the program out of discovery once; leaving the state that does so aborts its signal. */
export const withdraw = fromPromise<void, { withdraw: Withdraw }>(async ({ input, signal }) => {
  // Yield first: foreign code must not run inside the transition that starts it.
  await undefined;
  await input.withdraw(signal);
});
