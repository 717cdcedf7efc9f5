import { describe, expect, it } from 'vitest';
import { actorStatuses } from '../src/protocol/actorStatus.ts';
import { noBar, StatusHistory } from '../web/src/store/statusHistory.ts';
import { numberOf } from './support/populatedActors.ts';

describe('the status history of an actor', () => {
  it('keeps the worst status of each second, and fills the seconds without a change', () => {
    const history = new StatusHistory();
    history.begin(0, numberOf('healthy'), 1_000);
    history.note(0, numberOf('healthy'), numberOf('unhealthy'), 3_100);
    history.note(0, numberOf('unhealthy'), numberOf('healthy'), 3_900);
    const bars = history.read(0, numberOf('healthy'), 5_500, 6);
    expect(Array.from(bars, (bar) => (bar === noBar ? '-' : actorStatuses[bar]))).toEqual([
      '-',
      'healthy',
      'healthy',
      'unhealthy',
      'healthy',
      'healthy',
    ]);
  });
});
