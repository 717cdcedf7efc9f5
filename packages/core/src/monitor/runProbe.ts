import { fromPromise } from 'xstate';
import type { Probe } from '../model/probe.ts';
import { readVerdict, type Verdict } from '../model/verdict.ts';

/** Promise actor that runs a probe once; stopping it aborts the probe's signal and discards the verdict. */
export const runProbe = fromPromise<Verdict, { probe: Probe }>(async ({ input: { probe }, signal }) => {
  // Yield first: the probe is foreign code, and must not run inside the transition that starts it.
  await undefined;
  signal.throwIfAborted();
  return readVerdict(await probe(signal));
});
