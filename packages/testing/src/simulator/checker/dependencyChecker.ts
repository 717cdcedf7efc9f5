import type { Health } from '@watchkeeper/core';
import type { SimulatedComposite } from '../simulated/composite.ts';
import type { SimulatedTarget } from '../simulated/target.ts';
import type { World } from '../world.ts';

const downs: ReadonlySet<Health | undefined> = new Set(['unhealthy', 'error', 'stale', 'reconnecting']);

/** Checks that a composite has the health that its members give it, at once. */
export function checkComposite(world: World, composite: SimulatedComposite): void {
  const { violations, ending } = world;
  if (composite.paused || ending !== undefined) return;
  const { need } = composite.composition;
  const healths = world.membersOf(composite.id).map((member) => healthOf(world, member));
  const due = composite.healthBy(healths);
  violations.expect('INV-72', composite.health === due, () => {
    return `${composite.id}, which needs ${need} of ${healths.join(', ')}, is ${composite.health} instead of ${due}`;
  });
}

/** Checks that a named root cause is down and depends on nothing that is; where nothing is down, none is named. */
export function checkRootCause(world: World, target: SimulatedTarget, rootCause: string | undefined): void {
  const { violations, ending } = world;
  if (ending !== undefined) return;
  const down = downDependencies(world, target.id);
  const holds = rootCause === undefined ? down.size === 0 : down.has(rootCause);
  violations.expect('dependency', holds, () => {
    return `the root cause of ${target.id} is ${rootCause ?? 'nothing'}, and of what it depends on are down: ${[...down].join(', ')}`;
  });
  violations.expect('dependency', rootCause === undefined || downDependencies(world, rootCause).size === 0, () => {
    return `the root cause of ${target.id} is ${rootCause}, which has a root cause itself`;
  });
  violations.expect('dependency', target.rootCause === rootCause, () => {
    return `the root cause of ${target.id} is ${rootCause ?? 'nothing'}, and was last said to be ${target.rootCause ?? 'nothing'}`;
  });
}

function downDependencies(world: World, id: string, seen = new Set<string>()): Set<string> {
  const down = new Set<string>();
  for (const below of world.dependencies.get(id) ?? []) {
    if (seen.has(below)) continue;
    seen.add(below);
    if (downs.has(healthOf(world, below))) down.add(below);
    for (const further of downDependencies(world, below, seen)) down.add(further);
  }
  return down;
}

/** What counts for a monitor: in a pause what was known of it; one that was given up on stays an error. */
function healthOf({ keeper, givenUp, targets }: World, id: string): Health | undefined {
  const health = keeper.monitorOf(id)?.health ?? (givenUp.has(id) ? 'error' : undefined);
  return health === 'paused' ? (targets.get(id)?.assumed ?? health) : health;
}
