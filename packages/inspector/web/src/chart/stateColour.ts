import { standings } from '../store/actorStatus.ts';

const toneOfName: Readonly<Record<string, string>> = {
  stalled: 'degraded',
  counting: 'degraded',
  raised: 'unhealthy',
  force: 'unhealthy',
  parting: 'draining',
  closing: 'draining',
  closed: 'stopped',
  resting: 'paused',
  probing: 'busy',
  delivering: 'busy',
  handing: 'busy',
  awaiting: 'busy',
  open: 'healthy',
  running: 'healthy',
};

/** The colour a state is shown in: that of the standing it amounts to, else the page's own. */
export function toneOf(stateName: string): string {
  return (standings as readonly string[]).includes(stateName) ? stateName : (toneOfName[stateName] ?? 'neutral');
}
