import { type Composition, monitorDefaults } from '@watchkeeper/core';
import { SimulatedComposite } from '../simulated/composite.ts';
import type { SimulatedTarget } from '../simulated/target.ts';
import { tags, type World } from '../world.ts';
import { expectRefusal } from './expectRefusal.ts';
import type { Move } from './move.ts';

const compose: Move = {
  name: 'watch monitors as one',
  weight: 2,
  play(world) {
    const { random, keeper, targets } = world;
    if (targets.size >= world.crowd) return undefined;
    const id = `c${random.below(world.crowd)}`;
    const listed = some(world, random.between(1, 3)).map((member) => member.id);
    const of = random.chance(0.4) ? { tag: random.pick(tags) } : listed;
    if (listed.length === 0) return undefined;
    const need = random.pick<Composition['need']>(['all', 'any', random.between(1, listed.length)]);
    const requiredFor = world.drawPlanes(0.5);
    const own = world.drawTags();
    const panicThreshold = random.pick([0, 0, 0.5]);
    const enter = () => keeper.composite(id, { of, need }, { requiredFor, tags: own, panicThreshold });
    if (world.ending !== undefined) return expectRefusal(world, 'INV-19', 'NOT_ADMITTING', enter);
    if (closesCircle(world, id, { composition: { of, need }, dependsOn: [], tags: own }))
      return expectRefusal(world, 'INV-72', 'CYCLE', enter);
    if (targets.has(id)) return undefined;
    const composite = new SimulatedComposite(id, { ...monitorDefaults, requiredFor, alertAfter: -1 }, world, {
      of,
      need,
      panicThreshold,
    });
    targets.set(id, composite);
    world.givenUp.delete(id);
    world.dependencies.delete(id);
    world.compositions.set(id, { of, need });
    world.tags.set(id, own);
    composite.monitor = enter();
    return `${id}: ${need} of ${'tag' in of ? of.tag : of.join(', ')}`;
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
    if (closesCircle(world, target.id, { dependsOn })) {
      return expectRefusal(world, 'INV-72', 'CYCLE', change);
    }
    change();
    world.dependencies.set(target.id, dependsOn);
    target.supersede();
    return `${target.id} on ${dependsOn.join(', ') || 'nobody'}`;
  },
};

const tag: Move = {
  name: 'tag a monitor',
  weight: 2,
  play(world) {
    const { random, targets } = world;
    const target = random.pickAny([...targets.values()].filter((each) => !(each instanceof SimulatedComposite)));
    if (target?.monitor === undefined || world.ending !== undefined) return undefined;
    const { monitor } = target;
    const given = world.drawTags();
    const change = () => monitor.update({ tags: given });
    if (closesCircle(world, target.id, { tags: given })) return expectRefusal(world, 'INV-112', 'CYCLE', change);
    change();
    world.tags.set(target.id, given);
    target.supersede();
    return `${target.id} with ${given.join(', ') || 'nothing'}`;
  },
};

/** So many different monitors that run and were not told to end, or as many as there are. */
function some({ random, targets }: World, count: number): readonly SimulatedTarget[] {
  const left = [...targets.values()].filter(({ leaving }) => !leaving);
  const chosen: SimulatedTarget[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.below(left.length), 1));
  return chosen;
}

/** What is to change about a monitor. */
type Change = {
  readonly composition?: Composition;
  readonly dependsOn?: readonly string[];
  readonly tags?: readonly string[];
};

/** Whether `id` would depend on itself, directly, by a tag or through others, after a change of it. */
function closesCircle(world: World, id: string, change: Change): boolean {
  const { compositions, tags, dependencies } = world;
  const former = { composition: compositions.get(id), tags: tags.get(id), dependsOn: dependencies.get(id) };
  const set = ({ composition, dependsOn, tags: given }: Change) => {
    if (composition !== undefined) compositions.set(id, composition);
    if (given !== undefined) tags.set(id, given);
    if (dependsOn !== undefined) dependencies.set(id, dependsOn);
  };
  set(change);
  const known = world.targets.has(id);
  const reached = new Set<string>();
  const reach = (from: string): void => {
    const members = world.membersOf(from);
    const follows = compositions.get(from)?.of;
    // One that is not there yet is no member, and would be.
    const joins =
      !known && follows !== undefined && 'tag' in follows && tags.get(id)?.includes(follows.tag) === true ? [id] : [];
    for (const below of [...(dependencies.get(from) ?? []), ...members, ...joins]) {
      if (reached.has(below)) continue;
      reached.add(below);
      reach(below);
    }
  };
  reach(id);
  restore(compositions, id, former.composition);
  restore(tags, id, former.tags);
  restore(dependencies, id, former.dependsOn);
  return reached.has(id);
}

function restore<TValue>(map: Map<string, TValue>, id: string, value: TValue | undefined): void {
  if (value === undefined) map.delete(id);
  else map.set(id, value);
}

/** Moves that change what monitors depend on: composites and dependencies. */
export const dependencyMoves: readonly Move[] = [compose, depend, tag];
