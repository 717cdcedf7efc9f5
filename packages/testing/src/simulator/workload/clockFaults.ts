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
  play({ random, clock }) {
    const ms = random.pick([100, 2_000]);
    clock.freeze(ms);
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
    return `by ${ms} ms`;
  },
};

/** Moves of time: it passes, timers run ahead of promises, the process freezes, the wall clock is set. */
export const clockFaults: readonly Move[] = [pass, rush, freeze, jump];
