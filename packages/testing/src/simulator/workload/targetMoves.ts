import { monitorDefaults } from '@watchkeeper/core';
import { SimulatedComposite } from '../simulated/composite.ts';
import { SimulatedTarget } from '../simulated/target.ts';
import { expectRefusal } from './expectRefusal.ts';
import type { Move } from './move.ts';
import { topics } from './move.ts';

const watch: Move = {
  name: 'watch a target',
  weight: 4,
  play(world) {
    const { random, keeper, targets } = world;
    if (targets.size >= world.crowd) return undefined;
    // Half of them share their names with topics that are broadcast, which must not matter.
    const id = random.chance(0.5) ? random.pick(topics) : `t${random.below(world.crowd)}`;
    const options = { ...monitorDefaults, ...world.monitorOptions(), tags: world.drawTags() };
    const target = new SimulatedTarget(id, options, world);
    if (world.ending !== undefined) {
      return expectRefusal(world, 'INV-19', 'NOT_ADMITTING', () => keeper.monitor(id, target.probe));
    }
    if (targets.has(id)) return expectRefusal(world, 'INV-6', 'DUPLICATE_ID', () => keeper.monitor(id, target.probe));
    targets.set(id, target);
    world.givenUp.delete(id);
    world.dependencies.delete(id);
    world.compositions.delete(id);
    world.tags.set(id, options.tags);
    target.answer = random.pick(['pass', 'pass', 'fail', 'slow', 'hang']);
    target.latencyMs = 30;
    target.monitor = keeper.monitor(id, target.probe, options);
    return id;
  },
};

const start: Move = {
  name: 'start',
  weight: 4,
  play(world) {
    if (world.ending === undefined) world.started = true;
    world.keeper.start();
    return world.keeper.phase;
  },
};

const changeBehaviour: Move = {
  name: 'change how a target answers',
  weight: 10,
  play({ random, targets }) {
    const target = random.pickAny([...targets.values()]);
    if (target === undefined) return undefined;
    target.answer = random.pick([
      'pass',
      'pass',
      'pass',
      'warn',
      'fail',
      'fail',
      'throw',
      'nonsense',
      'hang',
      'slow',
      'late',
      'overdue',
    ]);
    target.latencyMs = random.pick([10, 49, 100, 400]);
    return `${target.id}: ${target.answer}`;
  },
};

const release: Move = {
  name: 'a hanging check ends',
  weight: 1,
  play({ random, targets }) {
    const target = random.pickAny([...targets.values()].filter(({ running }) => running));
    target?.release();
    return target?.id;
  },
};

const command: Move = {
  name: 'command a monitor',
  weight: 10,
  play({ random, targets }) {
    const target = random.pickAny([...targets.values()]);
    const { monitor } = target ?? {};
    if (target === undefined || monitor === undefined) return undefined;
    // A composite has no connection of its own.
    const marks = ['markConnected', 'markReconnecting', 'recordActivity'] as const;
    const orders = ['check', 'check', 'pause', 'rest', 'resume', 'resume', 'check', 'check'] as const;
    const order = random.pick(
      target instanceof SimulatedComposite ? orders : ['check', 'check', 'pause', 'rest', 'resume', ...marks],
    );
    if (order === 'rest') monitor.pause({ ttlMs: random.pick([100, 1_000]) });
    else monitor[order]();
    // A mark does not wake one that rests.
    if (order === 'pause' || order === 'rest') {
      target.paused = true;
      target.supersede();
    }
    if (order === 'resume') target.paused = false;
    if (order === 'markReconnecting' && !target.paused) {
      target.supersede();
      // Overtaken before it could be asked for the first time.
      target.rushed = true;
    }
    return `${target.id}: ${order}`;
  },
};

const update: Move = {
  name: 'update a monitor',
  weight: 3,
  play(world) {
    const { random, targets } = world;
    const target = random.pickAny([...targets.values()]);
    // A composite has no options of its own.
    if (target?.monitor === undefined || target instanceof SimulatedComposite) return undefined;
    const options = world.monitorOptions();
    const fresh = random.chance(0.4);
    target.monitor.update({ ...options, ...(fresh ? { probe: target.probe } : {}) });
    target.options = { ...target.options, ...options };
    target.supersede();
    if (fresh) target.failures = 0;
    return `${target.id}: ${fresh ? 'with a new probe' : 'options'}`;
  },
};

const stop: Move = {
  name: 'stop a monitor',
  weight: 1.5,
  play({ random, targets }) {
    const target = random.pickAny([...targets.values()]);
    if (target === undefined) return undefined;
    target.supersede();
    target.leaving = true;
    target.monitor?.stop();
    return target.id;
  },
};

/** Moves of targets, and of what is asked of their monitors. */
export const targetMoves: readonly Move[] = [watch, start, changeBehaviour, release, command, update, stop];
