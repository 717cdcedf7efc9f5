import { createSupervisor } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../src/protocol/clientMessage.ts';
import type { ServerMessage } from '../src/protocol/serverMessage.ts';
import { EventRecorder } from '../src/record/eventRecorder.ts';
import { longestTraceMs, messagesKept } from '../src/record/messageTrace.ts';
import { ActorTable } from '../src/stream/actorTable.ts';
import { Viewer } from '../src/stream/viewer.ts';

async function setUp() {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock });
  for (const id of ['api', 'db']) keeper.monitor(id, scriptedProbe('+'), { intervalMs: 1_000, jitter: 0 });
  keeper.start();
  await clock.advance(10);
  const table = new ActorTable();
  table.begin();
  const views = [...keeper.actors()];
  for (const view of views) table.note(view);
  const said: ServerMessage[] = [];
  const viewer = new Viewer({ bufferedAmount: 0, send: (frame) => said.push(JSON.parse(String(frame))) });
  const recorder = new EventRecorder(keeper, () => clock.now());
  const look = () => {
    viewer.feed.send(viewer.send, { table, recorder, supervisor: keeper, at: clock.now() });
    return said.splice(0).find((message) => message.type === 'trace');
  };
  const actorId = views[1]?.actorId ?? '';
  viewer.feed.follow(actorId);
  return { clock, keeper, viewer, look, actorId };
}

describe('a trace of messages', () => {
  it('has sender, receiver and type of each message of the watched actor, without its payload', async () => {
    const { clock, viewer, look, actorId } = await setUp();
    expect(look()).toBeUndefined();
    viewer.feed.trace(5_000);
    expect(look()).toMatchObject({ actorId, messages: [] });
    await clock.advance(1_000);
    const { messages = [] } = look() ?? {};
    expect(messages).toContainEqual({
      at: expect.any(Number),
      from: actorId,
      to: 'supervisor',
      type: 'verdict.judged',
    });
    expect(messages.every(({ from, to }) => from === actorId || to === actorId)).toBe(true);
  });

  it('ends after its time, after half a minute at most, and when the page closes', async () => {
    const { clock, keeper, viewer, look } = await setUp();
    viewer.feed.trace(3_600_000);
    look();
    await clock.advance(longestTraceMs);
    expect(look()).toBeDefined();
    await clock.advance(1_000);
    expect(look()).toBeUndefined();
    let inspectors = 0;
    keeper.inspect = () => {
      inspectors += 1;
      return () => {
        inspectors -= 1;
      };
    };
    viewer.feed.trace(5_000);
    look();
    expect(inspectors).toBe(1);
    viewer.feed.follow(undefined);
    expect(inspectors).toBe(0);
  });

  it('counts the messages over its limit', async () => {
    const { keeper, viewer, look } = await setUp();
    viewer.feed.trace(5_000);
    look();
    for (let times = 0; times < messagesKept + 7; times += 1) keeper.monitorOf('api')?.recordActivity();
    const { messages = [], dropped } = look() ?? {};
    expect([messages.length, dropped]).toEqual([messagesKept, 7]);
  });

  it.each([
    [
      { type: 'trace', forMs: 10_000 },
      { type: 'trace', forMs: 10_000 },
    ],
    [{ type: 'trace', forMs: -1 }, undefined],
    [{ type: 'trace', forMs: 'for ever' }, undefined],
  ])('is asked for in milliseconds: %j', (said, read) => {
    expect(readMessage(JSON.stringify(said))).toEqual(read);
  });
});
