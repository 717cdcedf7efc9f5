import { fromPromise } from 'xstate';
import type { Probe } from '../model/probe.ts';
import { readVerdict, type Verdict } from '../model/verdict.ts';
import type { Stalls } from '../runtime/stallMeter.ts';
import type { ProbeRuns } from './probeRuns.ts';

/** Input of {@link runProbe}. */
export interface RunInput {
  /** The monitor that asks. */
  readonly id: string;
  readonly probe: Probe;
  readonly runs: ProbeRuns;
  readonly stalls: Stalls;
}

/**
 * Promise actor that runs a probe once; stopping it aborts the probe's signal and discards the verdict. The run counts
 * as under way until the probe has settled, which may be later.
 */
export const runProbe = fromPromise<Verdict, RunInput>(async ({ input: { id, probe, runs, stalls }, signal }) => {
  // Yield first: the probe is foreign code, and must not run inside the transition that starts it.
  await undefined;
  signal.throwIfAborted();
  runs.begin(id, probe, signal);
  stalls.begin();
  try {
    return readVerdict(await probe(signal));
  } finally {
    stalls.end();
    runs.end(id, probe);
  }
});
