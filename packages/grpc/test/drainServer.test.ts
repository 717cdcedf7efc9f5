import { Server } from '@grpc/grpc-js';
import { createSupervisor, InvalidOptionError } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { HealthImplementation } from 'grpc-health-check';
import { describe, expect, it } from 'vitest';
import { type DrainableServer, type DrainServerOptions, drainServer } from '../src/index.ts';
import { connect, follow, listen, serve, until } from './support/testServer.ts';

/** A server that closes when it is told to, or only by force. */
function fakeServer(closes: 'at once' | 'by force'): DrainableServer & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    tryShutdown(done) {
      calls.push('tryShutdown');
      if (closes === 'at once') done();
    },
    forceShutdown() {
      calls.push('forceShutdown');
    },
  };
}

describe('drainServer', () => {
  it('ends a server with open watches by itself, where grpc-health-check leaves it hanging (L1)', async () => {
    const theirs = new Server();
    new HealthImplementation({ '': 'SERVING' }).addToServer(theirs);
    const port = await listen(theirs);
    const client = connect(port);
    const watch = follow(client.Watch({ service: '' }));
    await watch.words(1);
    let theyClosed = false;
    theirs.tryShutdown(() => {
      theyClosed = true;
    });

    await using ours = await serve();
    const ourWatch = follow(ours.client.Watch({ service: '' }));
    await ourWatch.words(1);
    const report = await drainServer(ours.server, ours.keeper, { shutdownMs: 60_000 });
    expect(report.server).toBe('closed');
    expect(await ourWatch.words(3)).toEqual(['SERVING', 'NOT_SERVING', 'OK']);

    // Theirs began to close before ours did, and has neither closed nor told its watch anything.
    expect(theyClosed).toBe(false);
    expect(watch.heard).toEqual(['SERVING']);
    theirs.forceShutdown();
    client.close();
  });

  it('cuts a call that is not the supervisor’s at its deadline', async () => {
    const keeper = createSupervisor();
    const server = new Server();
    const endless = { path: '/test.Endless/Run', requestStream: false, responseStream: true };
    const wire = { requestSerialize: Buffer.from, requestDeserialize: Buffer.from, responseSerialize: Buffer.from };
    let isRunning = false;
    server.addService(
      { Run: { ...endless, ...wire, responseDeserialize: Buffer.from } },
      {
        Run() {
          isRunning = true;
        },
      },
    );
    const port = await listen(server);
    const client = connect(port);
    const call = client.makeServerStreamRequest(endless.path, Buffer.from, Buffer.from, Buffer.from(''));
    const ended = new Promise<number>((resolve) => call.on('error', ({ code }: { code: number }) => resolve(code)));
    await until(() => isRunning);
    const report = await drainServer(server, keeper, { shutdownMs: 50 });
    expect(report.server).toBe('forced');
    expect(await ended).not.toBe(0);
    client.close();
  });

  it('shuts the server down only after the supervisor has drained', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock });
    const server = fakeServer('at once');
    const slot = keeper.reserve();
    const session = slot.reserved ? slot.open({ goaway() {}, close() {} }) : undefined;
    const drained = drainServer(server, keeper, { clock, drain: { noticeMs: 1_000, graceMs: 5_000 } });
    await clock.advance(1_500);
    expect(server.calls).toEqual([]);
    session?.end();
    await clock.settle();
    expect(server.calls).toEqual(['tryShutdown']);
    expect(await drained).toMatchObject({ server: 'closed', reason: 'drained', sessions: { early: 1 } });
    expect(clock.pending).toBe(0);
  });

  it('forces a server that does not close, at the deadline and not before', async () => {
    const clock = new VirtualClock();
    const server = fakeServer('by force');
    const drained = drainServer(server, createSupervisor({ clock }), { clock, shutdownMs: 3_000 });
    await clock.advance(10);
    expect(server.calls).toEqual(['tryShutdown']);
    await clock.advance(2_989);
    expect(server.calls).toEqual(['tryShutdown']);
    await clock.advance(11);
    expect(server.calls).toEqual(['tryShutdown', 'forceShutdown']);
    expect((await drained).server).toBe('forced');
  });

  it.each([{ shutdownMs: 0 }, { drain: 'soon' }, { clock: {} }])('checks its options: %j', async (options) => {
    const server = fakeServer('at once');
    await expect(drainServer(server, createSupervisor(), options as DrainServerOptions)).rejects.toThrow(
      InvalidOptionError,
    );
    expect(server.calls).toEqual([]);
  });
});
