import { createSupervisor } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../src/protocol/clientMessage.ts';
import type { ServerMessage } from '../src/protocol/serverMessage.ts';
import { EventRecorder } from '../src/record/eventRecorder.ts';
import { ActorTable } from '../src/stream/actorTable.ts';
import { Viewer } from '../src/stream/viewer.ts';
import { Actors } from '../web/src/store/actors.ts';
import { coveredByAll, coveredByOne, uncoveredOf } from '../web/src/store/coverage.ts';

const graph = {
  states: [
    { path: '', name: 'door', type: 'compound', does: [] },
    { path: 'shut', name: 'shut', type: 'atomic', does: [] },
    { path: 'open', name: 'open', type: 'atomic', does: [] },
    { path: 'before', name: 'before', type: 'history', does: [] },
  ],
  transitions: [
    { from: 'shut', to: 'open', on: 'push', guard: 'isFree', actions: [] },
    { from: 'shut', to: 'open', on: 'push', actions: [] },
    { from: 'open', on: 'creak', actions: ['oil'] },
    { from: 'open', on: 'push', actions: [] },
  ],
} as const;

describe('the coverage of a chart', () => {
  it('is sent for the kind that a page asks for, and again only when it has grown', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock });
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.advance(10);
    const said: ServerMessage[] = [];
    const viewer = new Viewer({ bufferedAmount: 0, send: (frame) => said.push(JSON.parse(String(frame))) });
    const told = { table: new ActorTable(), recorder: new EventRecorder(keeper, () => 0), supervisor: keeper };
    viewer.feed.coverage.follow('monitor');
    for (const at of [1_000, 1_500, 2_000, 3_000]) viewer.feed.send(viewer.send, { ...told, at });
    const coverage = said.filter((message) => message.type === 'coverage');
    expect(coverage).toHaveLength(1);
    expect(coverage[0]?.states).toContain('watching.health.healthy');
    expect(coverage[0]?.taken).toContainEqual({
      from: 'watching.cadence.checking.queued',
      to: 'watching.cadence.checking.probing',
      on: 'permit.granted',
      guard: 'isCurrentPermit',
    });
  });

  it('tells transitions apart that differ in their guard alone', () => {
    const actors = new Actors();
    actors.coverage.set('monitor', {
      states: ['', 'shut', 'open'],
      taken: [{ from: 'shut', to: 'open', on: 'push' }],
    });
    const missing = uncoveredOf(graph, coveredByAll(actors, 'monitor', graph));
    expect(missing).toEqual({ states: [], ofStates: 2, transitions: [0, 2], ofTransitions: 3 });
  });

  it('is what the page saw, where the program does not count', () => {
    const actors = new Actors();
    actors.addStates(0, [['actor', 'shut']]);
    expect(uncoveredOf(graph, coveredByAll(actors, 'actor', graph)).states.map(({ path }) => path)).toEqual(['open']);
  });

  it('of one actor is what it took in the moments that are kept', () => {
    const moments = [{ key: 'a', at: 0, words: '', paths: ['open'], taken: new Set([1]) }];
    expect(uncoveredOf(graph, coveredByOne(moments, ['shut']))).toMatchObject({ states: [], transitions: [0, 2] });
  });

  it.each([
    [
      { type: 'cover', kind: 'session' },
      { type: 'cover', kind: 'session' },
    ],
    [{ type: 'cover', kind: 'constructor' }, { type: 'cover' }],
    [{ type: 'cover', kind: 7 }, { type: 'cover' }],
  ])('is asked for by kinds there are alone: %j', (said, read) => {
    expect(readMessage(JSON.stringify(said))).toEqual(read);
  });
});
