import { describe, expect, it } from 'vitest';
import { numberOf, populated } from './support/populatedActors.ts';

describe('the actors of the page', () => {
  it('are counted by status and by every active state, through changes, ends and reused slots', () => {
    const actors = populated(['a', 'healthy'], ['b', 'healthy']);
    actors.addStates(1, [['monitor', 'stopped']]);
    actors.change({
      at: 5,
      slots: Uint32Array.of(1),
      states: Uint16Array.of(1),
      statuses: Uint8Array.of(numberOf('stopped')),
    });
    expect(Object.fromEntries(actors.headCounts('monitor'))).toMatchObject({
      '': 2,
      watching: 1,
      'watching.health.healthy': 1,
      stopped: 1,
    });
    expect(actors.statusCount(numberOf('stopped'))).toBe(1);
    expect(actors.takeFlows('monitor')).toMatchObject([{ after: ['stopped'], times: 1 }]);
    expect(actors.takeFlows('monitor')).toEqual([]);
    actors.remove([1]);
    actors.add([[1, 'session', '9', 's.9', 0, numberOf('healthy')]]);
    expect([actors.size, actors.statusCount(numberOf('stopped'))]).toEqual([2, 0]);
  });
});
