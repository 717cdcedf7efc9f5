import { createSupervisor, monitorMachine } from '@watchkeeper/core';
import { replay, scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, vi } from 'vitest';
import { chartGraphOf } from '../src/chart/chartGraph.ts';
import { EventRecorder } from '../src/record/eventRecorder.ts';
import { momentsOf } from '../web/src/store/moments.ts';
import { NoRecordingError, readRecording } from '../web/src/store/recording.ts';
import { RenderScheduler } from '../web/src/store/renderScheduler.ts';
import { Replay } from '../web/src/store/replay.ts';
import { recordMonitor } from './support/recordMonitor.ts';

const graph = chartGraphOf(monitorMachine.root);

describe('the moments of an actor', () => {
  it('begin with what was written down before anybody looked, and go on with each step', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock });
    const recorder = new EventRecorder(keeper, () => clock.now());
    recorder.begin();
    keeper.monitor('api', scriptedProbe('+-+'), { intervalMs: 1_000, jitter: 0 });
    keeper.start();
    await clock.advance(1_500);
    const [, view] = keeper.actors();
    if (view === undefined) throw new Error('the monitor is not there');
    recorder.stepRecorder.follow(view);
    await clock.advance(1_000);
    const { from, steps = [] } = recorder.stepRecorder.of(view.actorId) ?? {};
    const entries = recorder.journal.since('monitor', 'api', 0);
    const moments = momentsOf({ from, steps, entries, visitedStates: [] }, graph);
    const fell = moments.find(
      ({ words, paths }) => words === 'health.changed' && paths.includes('watching.health.unhealthy'),
    );
    expect(fell?.at).toBeLessThan(steps[0]?.at ?? 0);
    expect(moments.at(-1)?.paths).toContain('watching.health.healthy');
    const last = Array.from(moments.at(-1)?.taken ?? [], (index) => graph.transitions[index]?.on);
    expect(last).toEqual(expect.arrayContaining(['done', 'probe.passed']));
  });

  it('are the states that the page saw, where nothing else is known', () => {
    const visitedStates = [
      { at: 1, paths: ['watching.health', 'watching.health.healthy'], words: '' },
      { at: 2, paths: ['watching.health', 'watching.health.stale'], words: '' },
    ];
    const moments = momentsOf({ from: undefined, steps: [], entries: [], visitedStates }, graph);
    expect(moments.map(({ at, taken }) => [at, taken.size])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });
});

describe('a replay', () => {
  const moment = (key: string, at: number) => ({ key, at, words: '', paths: [], taken: new Set<number>() });

  it('steps back from the present, plays to the last moment and stays put when older ones are forgotten', () => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', () => 0);
    const shown = new Replay(new RenderScheduler());
    shown.moments = [moment('a', 0), moment('b', 10), moment('c', 90_000)];
    expect([shown.moment, shown.index]).toEqual([undefined, 2]);
    shown.step(-1);
    shown.moments = [...shown.moments.slice(1), moment('d', 90_001)];
    expect([shown.moment?.key, shown.index]).toEqual(['b', 0]);
    shown.play();
    expect(shown.plays).toBe(true);
    vi.advanceTimersByTime(5_000);
    expect([shown.moment?.key, shown.plays]).toEqual(['d', false]);
    shown.goToTime(50);
    expect(shown.moment?.key).toBe('b');
    shown.leave();
    expect(shown.moment).toBeUndefined();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
});

describe('a recording', () => {
  it('replayed on the machine, leads through the states that were seen', async () => {
    const { from, steps } = await recordMonitor();
    const record = steps.map(({ type, raised, asked }) => ({ event: type, raised, guards: asked }));
    expect(replay(monitorMachine, { from: from ?? '', steps: record })).toEqual(steps.map(({ value }) => value));
  });

  it('is read back as it was written, and any other file is refused', async () => {
    const recording = await recordMonitor();
    const written = JSON.stringify(recording);
    expect(readRecording(written)).toEqual(JSON.parse(written));
    const broken: readonly unknown[] = ['', 7, {}, { ...recording, steps: 1 }, { ...recording, version: 2 }];
    for (const value of broken) expect(() => readRecording(JSON.stringify(value))).toThrow(NoRecordingError);
    expect(() => readRecording('<html>')).toThrow('This file is no recording of an actor.');
    expect(() => readRecording(JSON.stringify({ ...recording, version: 2 }))).toThrow('newer inspector');
  });
});
