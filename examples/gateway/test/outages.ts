import type { Alert } from '../src/alerts/alert.ts';

let serial = 0;

/** One outage of a target, as its two alerts. */
export function outageOf(target: string, downAt = 0, upAt = 42_000): { readonly down: Alert; readonly up: Alert } {
  serial += 1;
  const down: Alert = {
    target,
    outage: `${target}@${serial}`,
    news: 'down',
    at: downAt,
    downAt,
    probe: `tcp://${target}:1`,
    detail: 'connection refused',
    failures: 3,
  };
  return { down, up: { ...down, news: 'up', at: upAt } };
}
