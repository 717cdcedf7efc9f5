import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/index.ts';

describe('the system clock', () => {
  it('is one wheel that everybody shares', () => {
    expect(systemClock()).toBe(systemClock());
  });

  it('fires in real time, not early', async () => {
    const clock = systemClock();
    const startMs = performance.now();
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 25));
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(25);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  });

  it('throws what a callback threw in a task of its own', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      systemClock().setTimeout(() => {
        throw new Error('boom');
      }, 5);
      expect(() => vi.advanceTimersByTime(50)).toThrow('boom');
    } finally {
      vi.useRealTimers();
    }
  });
});
