import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { decodeChanges } from '../src/protocol/changeFrame.ts';
import type { ServerMessage } from '../src/protocol/serverMessage.ts';
import { EventRecorder } from '../src/record/eventRecorder.ts';
import { polledActors } from '../src/stream/actorSource.ts';
import { Stream } from '../src/stream/stream.ts';
import { mostUnreadBytes, type Socket, Viewer } from '../src/stream/viewer.ts';
import { monitorView, ScriptedSupervisor } from './support/scriptedSupervisor.ts';

/** A socket that keeps what it was sent and can be made to stop reading. */
class KeptSocket implements Socket {
  bufferedAmount = 0;
  readonly frames: (string | Uint8Array)[] = [];
  send(frame: string | Uint8Array): void {
    this.frames.push(frame);
  }
  get messages(): ServerMessage[] {
    return this.frames.flatMap((frame) => (typeof frame === 'string' ? [JSON.parse(frame) as ServerMessage] : []));
  }
  ofType<TType extends ServerMessage['type']>(type: TType): Extract<ServerMessage, { type: TType }>[] {
    return this.messages.filter((message): message is Extract<ServerMessage, { type: TType }> => message.type === type);
  }
  get changes() {
    return this.frames.flatMap((frame) =>
      typeof frame === 'string' ? [] : [decodeChanges(frame.buffer as ArrayBuffer)],
    );
  }
}

function setUp(...ids: readonly string[]) {
  const clock = new VirtualClock();
  const keeper = new ScriptedSupervisor();
  keeper.views = ids.map((id) => monitorView(id, 'healthy'));
  const recorder = new EventRecorder(keeper, () => clock.now());
  const stream = new Stream({
    recorder,
    remembersAlways: false,
    commands: [],

    supervisor: keeper,
    source: polledActors(keeper),
    clock,
    tickMs: 100,
    stopwatch: () => 0,
    epoch: 'e',
  });
  const watch = () => {
    const socket = new KeptSocket();
    const viewer = new Viewer(socket);
    stream.add(viewer);
    return { socket, viewer };
  };
  return { clock, keeper, stream, watch };
}

describe('the stream', () => {
  it('sends a new viewer every actor at once, and then `ready`', () => {
    const { socket } = setUp('a', 'b').watch();
    expect(socket.messages.map(({ type }) => type)).toEqual([
      'hello',
      'states',
      'entered',
      'ready',
      'operations',
      'figures',
    ]);
    expect(socket.ofType('entered')[0]?.actors.map(([, , name]) => name)).toEqual(['a', 'b']);
  });

  it('sends a change of state in the next tick as one binary frame, and nothing when nothing changed', async () => {
    const { clock, keeper, watch } = setUp('a', 'b');
    const { socket } = watch();
    await clock.advance(200);
    expect(socket.changes).toEqual([]);
    keeper.views = [monitorView('a', 'healthy'), monitorView('b', 'unhealthy')];
    await clock.advance(100);
    expect(socket.changes.map((changes) => Array.from(changes?.slots ?? []))).toEqual([[1]]);
    expect(socket.ofType('states').at(-1)).toMatchObject({ from: 1, entries: [['monitor', keeper.views[1]?.value]] });
  });

  it('does not read actors while no page is open', async () => {
    const { clock, keeper, stream, watch } = setUp('a');
    await clock.advance(10_000);
    expect(keeper.looks).toBe(0);
    const { viewer } = watch();
    expect(keeper.looks).toBe(1);
    stream.remove(viewer);
    await clock.advance(10_000);
    expect(keeper.looks).toBe(1);
  });

  it('skips a page that reads too slowly and then sends it the current state, while others miss nothing', async () => {
    const { clock, keeper, watch } = setUp('a');
    const slow = watch();
    const quick = watch();
    slow.socket.bufferedAmount = mostUnreadBytes + 1;
    for (const health of ['degraded', 'unhealthy', 'healthy', 'error'] as const) {
      keeper.views = [monitorView('a', health), monitorView('late', 'healthy')];
      await clock.advance(100);
    }
    expect(slow.socket.changes).toEqual([]);
    expect(slow.viewer.ticksSkipped).toBe(4);
    expect(quick.socket.changes).toHaveLength(4);
    slow.socket.bufferedAmount = 0;
    await clock.advance(100);
    expect(slow.socket.changes).toHaveLength(1);
    expect(
      slow.socket
        .ofType('entered')
        .at(-1)
        ?.actors.map(([, , name]) => name),
    ).toEqual(['late']);
  });

  it('counts its own failures and goes on', async () => {
    const { clock, keeper, watch } = setUp('a');
    const { socket } = watch();
    keeper.failure = new Error('broken');
    await clock.advance(300);
    keeper.failure = undefined;
    await clock.advance(300);
    expect(socket.ofType('figures').at(-1)?.figures.failures).toBe(3);
  });

  it('sends many actors in several messages', () => {
    const { socket } = setUp(...Array.from({ length: 5_000 }, (_, index) => `m${index}`)).watch();
    expect(socket.ofType('entered').map(({ actors }) => actors.length)).toEqual([4_096, 904]);
  });
});
