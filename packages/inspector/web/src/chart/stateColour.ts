import { actorStatuses } from '../store/actorStatus.ts';

const colourOfState: Readonly<Record<string, string>> = {
  stalled: 'degraded',
  counting: 'degraded',
  raised: 'unhealthy',
  force: 'unhealthy',
  parting: 'draining',
  closing: 'draining',
  closed: 'stopped',
  pausedUntil: 'paused',
  probing: 'busy',
  reading: 'healthy',
  ready: 'healthy',
  handing: 'busy',
  awaiting: 'busy',
  open: 'healthy',
  running: 'healthy',
};

/** Returns the colour of a state: that of the status it corresponds to, or one of the page's own. */
export function stateColour(stateName: string): string {
  return (actorStatuses as readonly string[]).includes(stateName) ? stateName : (colourOfState[stateName] ?? 'neutral');
}
