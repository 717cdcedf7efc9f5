import type { World } from '../world.ts';
import type { Move } from './workload.ts';

/** The larger the crowd, the longer it takes to gather: the rarer it ends. */
const isTime = ({ dice, crowd, activeMs, minLifeMs }: World): boolean =>
  dice.chance(6 / crowd) && activeMs >= minLifeMs;

const drain: Move = {
  name: 'drain',
  weight: 0.7,
  play(world) {
    const { dice } = world;
    if (!isTime(world)) return undefined;
    const options = {
      noticeMs: dice.pick([0, 0, 100]),
      graceMs: dice.pick([0, 200, 1_000, 1_000]),
      deadlineMs: dice.pick([1_101, 2_000]),
      goawaysPerSecond: dice.pick([0, 0, 2, 10]),
      reconnectSpreadMs: dice.pick([0, 5_000]),
    };
    world.drain(options);
    return JSON.stringify(options);
  },
};

const stop: Move = {
  name: 'stop',
  weight: 0.3,
  play(world) {
    if (!isTime(world)) return undefined;
    world.stop();
    return 'now';
  },
};

const abort: Move = {
  name: 'the caller gives up on the drain',
  weight: 3,
  play: (world) => (world.abort() ? 'aborted' : undefined),
};

/** How it all ends. */
export const endMoves: readonly Move[] = [drain, stop, abort];
