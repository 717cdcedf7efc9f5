import { describe, expect, it } from 'vitest';
import { stateLabel } from '../web/src/store/stateLabel.ts';

describe('stateLabel', () => {
  it.each([
    [{ watching: { cadence: 'waiting', health: 'healthy', alert: 'quiet' } }, 'healthy', 'healthy · waiting'],
    [{ watching: { cadence: 'paused', health: 'paused', alert: 'raised' } }, 'paused', 'paused · raised'],
    [{ reading: 'stalled' }, 'degraded', 'reading · stalled'],
    ['open', 'healthy', 'open'],
  ])('labels %j of an actor that is %s', (value, first, label) => {
    expect(stateLabel(value, first, 9)).toBe(label);
  });
});
