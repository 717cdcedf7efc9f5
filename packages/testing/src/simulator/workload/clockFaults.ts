import type { Move } from './move.ts';

const pass: Move = {
  name: 'let time pass',
  weight: 22,
  async play(world) {
    const ms = world.random.pick([1, 10, 50, 100, 200, 400, 1_000]);
    await world.clock.advance(ms);
    world.activeMs += ms;
    return `${ms} ms`;
  },
};

const rush: Move = {
  name: 'let timers fire before promises continue',
  weight: 4,
  play(world) {
    const ms = world.random.pick([10, 100, 400]);
    world.rushed = true;
    world.clock.advanceSync(ms);
    world.activeMs += ms;
    return `${ms} ms`;
  },
};

const freeze: Move = {
  name: 'freeze the process',
  weight: 1,
  play(world) {
    const ms = world.random.pick([100, 2_000]);
    world.clock.freeze(ms);
    world.stoodStill = true;
    return `${ms} ms`;
  },
};

const jump: Move = {
  name: 'set the wall clock',
  weight: 1,
  play(world) {
    const { random, clock } = world;
    const ms = random.pick([-3_600_000, -5_000, 500, 5_000, 3_600_000]);
    clock.jump(ms);
    if (ms < 0) world.setBack = true;
    else world.stoodStill = true;
    return `by ${ms} ms`;
  },
};

const failClock: Move = {
  name: 'let the clock throw once',
  weight: 0.3,
  play(world) {
    const { random, keeper, crowd, activeMs, minLifeMs } = world;
    if (world.ended || activeMs < minLifeMs || !random.chance(6 / crowd)) return undefined;
    world.clockFails = true;
    // The supervisor itself is the first to ask for the time.
    keeper.broadcast({ type: 'health', topic: 'alpha', health: 'degraded' });
    const failed = !world.clockFails;
    world.clockFails = false;
    world.violations.expect('failure', failed && keeper.phase !== 'running' && keeper.phase !== 'idle', () => {
      return `it is ${keeper.phase} although its clock threw`;
    });
    return 'in the midst of a broadcast';
  },
};

/** Moves of time: it passes, timers run ahead of promises, the process freezes, the wall clock is set, the clock throws. */
export const clockFaults: readonly Move[] = [pass, rush, freeze, jump, failClock];
