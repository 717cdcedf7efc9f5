import { createSupervisor, InvalidOptionError, monitorDefaults } from '@watchkeeper/core';
import type { ReadConfig } from '../config/readConfig.ts';
import { startWatch } from './applyPlan.ts';
import { type Watch, watchesOf } from './watch.ts';

/**
 * Puts a whole configuration to use under a supervisor that is never started: what core or a probe would refuse, it
 * refuses here, before anything that runs is touched (INV-55). Nothing is asked.
 *
 * @throws `ConfigError` naming the line of the first option that is refused.
 */
export function rehearse({ config, refuse }: ReadConfig): readonly Watch[] {
  const stage = createSupervisor({ name: 'rehearsal' });
  try {
    const watches = watchesOf(config);
    for (const watch of watches) {
      try {
        startWatch(stage, watch);
      } catch (error) {
        if (!(error instanceof InvalidOptionError)) throw error;
        throw refuse(placeOf(error, config.routes[watch.id] ?? {}, watch), error.rule);
      }
    }
    return watches;
  } finally {
    void stage.stop();
  }
}

/** Path in the file of the option that core or a probe refused. */
function placeOf({ option }: InvalidOptionError, route: object, { id, kind }: Watch): readonly string[] {
  const [owner = '', name = ''] = option.split('.');
  if (owner === 'monitor' && name in monitorDefaults) {
    return Object.hasOwn(route, name) ? ['routes', id, name] : ['defaults', name];
  }
  if (kind === 'composite') return ['routes', id, ...(Object.hasOwn(route, name) ? [name] : [])];
  if (Object.hasOwn(route, owner)) return ['routes', id, owner];
  if ('with' in route && Object.hasOwn(Object(route.with), name)) return ['routes', id, 'with', name];
  if (owner === 'agentProbe')
    return ['routes', id, ...(name === 'agent' ? ['via', name] : name === 'token' ? ['via', name] : ['url'])];
  return ['routes', id, ...(Object.hasOwn(route, 'url') ? ['url'] : [])];
}
