import { fromPromise } from 'xstate';
import type { Probe } from '../model/probe.ts';
import { readVerdict, type Verdict } from '../model/verdict.ts';
import type { Stalls } from '../runtime/stallMeter.ts';
import type { Turns } from '../runtime/turns.ts';
import type { ProbeRuns } from './probeRuns.ts';

/** Input of {@link runProbe}. */
export interface RunInput {
  /** The monitor that asks. */
  readonly id: string;
  readonly probe: Probe;
  readonly runs: ProbeRuns;
  readonly stalls: Stalls;
  readonly turns: Turns;
  /** After which the check is given up, in milliseconds. It may wait for its turns only as long as that allows. */
  readonly timeoutMs: number;
}

/**
 * Promise actor that runs a probe once; stopping it aborts the probe's signal and discards the verdict. The run counts
 * as under way until the probe has settled, which may be later.
 */
export const runProbe = fromPromise<Verdict, RunInput>(async ({ input, signal }) => {
  const { id, probe, runs, stalls, turns, timeoutMs } = input;
  const startMs = performance.now();
  // Yield first: the probe is foreign code, and must not run inside the transition that starts it.
  // Thousands that are due at once begin one after the other, and the loop is free in between.
  await turns.take(timeoutMs / 4);
  signal.throwIfAborted();
  runs.begin(id, probe, signal);
  stalls.begin();
  try {
    return readVerdict(await probe(signal));
  } finally {
    stalls.end();
    runs.end(id, probe);
    // As of those that are answered at once, which is never so late that the timeout would come first.
    const turn = turns.take((timeoutMs - (performance.now() - startMs)) / 2);
    if (turn !== undefined) await turn;
  }
});
