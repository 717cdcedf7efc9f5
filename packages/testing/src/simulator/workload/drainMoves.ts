import type { World } from '../world.ts';
import type { Move } from './move.ts';

/** The larger the crowd, the longer it takes to gather: the rarer it ends. */
const isTime = ({ random, crowd, activeMs, minLifeMs }: World): boolean =>
  random.chance(6 / crowd) && activeMs >= minLifeMs;

const drain: Move = {
  name: 'drain',
  weight: 0.7,
  play(world) {
    const { random } = world;
    if (!isTime(world)) return undefined;
    const options = {
      noticeMs: random.pick([0, 0, 100]),
      graceMs: random.pick([0, 200, 1_000, 1_000]),
      deadlineMs: random.pick([1_101, 2_000]),
      goawaysPerSecond: random.pick([0, 0, 2, 10]),
      reconnectSpreadMs: random.pick([0, 5_000]),
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

/** Moves that end a supervisor: drain, stop, abort. */
export const drainMoves: readonly Move[] = [drain, stop, abort];
