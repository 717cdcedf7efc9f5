import { type Composition, monitorDefaults } from '@watchkeeper/core';
import { SimulatedComposite } from '../simulated/composite.ts';
import type { SimulatedTarget } from '../simulated/target.ts';
import type { World } from '../world.ts';
import { expectRefusal } from './expectRefusal.ts';
import type { Move } from './move.ts';

const compose: Move = {
  name: 'watch monitors as one',
  weight: 2,
  play(world) {
    const { random, keeper, targets } = world;
    if (targets.size >= world.crowd) return undefined;
    const id = `c${random.below(world.crowd)}`;
    const of = some(world, random.between(1, 3)).map((member) => member.id);
    if (of.length === 0) return undefined;
    const need = random.pick<Composition['need']>(['all', 'any', random.between(1, of.length)]);
    const requiredFor = world.drawPlanes(0.5);
    const enter = () => keeper.composite(id, { of, need }, { requiredFor });
    if (closesCircle(world, id, of)) return expectRefusal(world, 'INV-72', 'CYCLE', enter);
    if (world.ending !== undefined) return expectRefusal(world, 'INV-19', 'NOT_ADMITTING', enter);
    if (targets.has(id)) return undefined;
    const composite = new SimulatedComposite(id, { ...monitorDefaults, requiredFor, alertAfter: -1 }, world, {
      of,
      need,
    });
    targets.set(id, composite);
    world.givenUp.delete(id);
    world.dependencies.delete(id);
    world.members.set(id, of);
    composite.monitor = enter();
    return `${id}: ${need} of ${of.join(', ')}`;
  },
};

const depend: Move = {
  name: 'let a monitor depend on others',
  weight: 3,
  play(world) {
    const { random, targets } = world;
    const target = random.pickAny([...targets.values()].filter((each) => !(each instanceof SimulatedComposite)));
    if (target?.monitor === undefined || world.ending !== undefined) return undefined;
    const { monitor } = target;
    const dependsOn = random.chance(0.3) ? [] : some(world, random.between(1, 2)).map(({ id }) => id);
    const change = () => monitor.update({ dependsOn });
    if (closesCircle(world, target.id, dependsOn)) {
      return expectRefusal(world, 'INV-72', 'CYCLE', change);
    }
    change();
    world.dependencies.set(target.id, dependsOn);
    target.supersede();
    return `${target.id} on ${dependsOn.join(', ') || 'nobody'}`;
  },
};

/** So many different monitors that run and were not told to end, or as many as there are. */
function some({ random, targets }: World, count: number): readonly SimulatedTarget[] {
  const left = [...targets.values()].filter(({ leaving }) => !leaving);
  const chosen: SimulatedTarget[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.below(left.length), 1));
  return chosen;
}

/** Whether `id` would depend on itself if it depended on `below`. */
function closesCircle(world: World, id: string, below: readonly string[]): boolean {
  return below.some((each) => each === id || dependsOnOrHas(world, each, id));
}

/** Whether `id` depends on `other` or has it as a member, directly or through others. */
function dependsOnOrHas(world: World, id: string, other: string, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const below = [...(world.dependencies.get(id) ?? []), ...(world.members.get(id) ?? [])];
  return below.some((each) => each === other || dependsOnOrHas(world, each, other, seen));
}

/** Moves that change what monitors depend on: composites and dependencies. */
export const dependencyMoves: readonly Move[] = [compose, depend];
