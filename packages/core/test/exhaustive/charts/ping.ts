import { pingMachine } from '../../../src/adapters/pingMachine.ts';
import type { ChartExploration } from '../chartExploration.ts';

/** How the chart of pings is explored: on time, late, and after a stall. */
export function pingChart(): ChartExploration {
  const explorations = [0, 1, 20].map((lateMs) => {
    let at = 0;
    const now = () => (at += lateMs);
    return {
      input: { pingIntervalMs: 10, pongTimeoutMs: 0, stallToleranceMs: 10, now, ping: () => {}, lost: () => {} },
      events: [{ type: 'answered' }],
      remembers: () => 0,
    };
  });
  return { machine: pingMachine, explorations };
}
