import { actorStatuses } from '../store/actorStatus.ts';

const colourOfState: Readonly<Record<string, string>> = {
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

/** The colour a state is shown in: that of the status it amounts to, else the page's own. */
export function stateColour(stateName: string): string {
  return (actorStatuses as readonly string[]).includes(stateName) ? stateName : (colourOfState[stateName] ?? 'neutral');
}
