import { createSupervisor } from '@watchkeeper/core';
import { fakeConnection, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { EventRecorder } from '../src/record/eventRecorder.ts';

describe('the recorder of a supervisor', () => {
  it('records a drain with all its times, without a failure', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock, drain: { graceMs: 5_000, deadlineMs: 9_000 } });
    const recorder = new EventRecorder(keeper, () => clock.now());
    recorder.begin();
    keeper.start();
    const slot = keeper.reserve();
    if (slot.reserved) slot.open(fakeConnection());
    await clock.advance(10);
    const startedAt = clock.now();
    void keeper.drain();
    await clock.advance(100);
    expect(recorder.operations.all).toMatchObject([
      { type: 'drain', phase: 'grace', total: 1, phaseEndsAt: startedAt + 5_000, forceAt: startedAt + 9_000 },
      { type: 'broadcast' },
    ]);
    await clock.advance(10_000);
    expect(recorder.operations.all).toMatchObject([{ phase: 'ended', ended: 1, forced: 1 }, {}]);
    expect(recorder.failures).toBe(0);
  });

  it('records nothing after end()', async () => {
    const keeper = createSupervisor({ clock: new VirtualClock() });
    const recorder = new EventRecorder(keeper, () => 0);
    recorder.begin();
    recorder.end();
    keeper.start();
    await Promise.resolve();
    expect(recorder.journal.since('supervisor', '', 0)).toEqual([]);
  });
});
