import type { SupervisorEvent } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createHub, type Grant, type HubEvent } from '../src/index.ts';
import { clientsBecome, join, pledge, rawSocket, refusedJoin, stand, upgradeRequest } from './support/testHub.ts';

describe('authorizing an upgrade request', () => {
  it('OriginViolation: answers 403 for a foreign origin, which occupies no slot', async () => {
    const { hub, keeper, url } = await stand({ allowOrigin: (origin) => origin === 'https://ours.example' });
    expect(await refusedJoin(url, { origin: 'https://theirs.example' })).toMatchObject({ status: 403 });
    expect((await refusedJoin(url)).status).toBe(403);
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0]);
    await join(url, { origin: 'https://ours.example' });
  });

  it('Hub_UnauthenticatedHandshakeRefused: answers 401 for nobody we know, who occupies no slot', async () => {
    const { hub, keeper, url } = await stand({
      authenticate: async ({ headers }) => (headers.authorization === 'Bearer right' ? {} : undefined),
    });
    expect(await refusedJoin(url, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
      retryAfter: undefined,
    });
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0]);
    await join(url, { headers: { authorization: 'Bearer right' } });
  });

  it('tells the supervisor of whom it turns away, and leaves to it whom it refuses itself (INV-77)', async () => {
    const { hub, keeper, url } = await stand(
      {
        allowOrigin: (origin) => origin !== 'https://theirs.example',
        authenticate: ({ headers }) => (headers.authorization === 'wrong' ? undefined : {}),
        peer: ({ headers }) => {
          if (headers.forwarded === 'broken') throw new Error('no such header');
          return headers.forwarded ?? 'somebody';
        },
      },
      { maxSessions: 1 },
    );
    const refused: unknown[] = [];
    keeper.events$.subscribe((event: SupervisorEvent) => {
      if (event.type === 'client.refused') refused.push([event.by, event.reason, event.peer]);
      if (event.type === 'admission.refused') refused.push(event.reason);
    });
    await refusedJoin(url, { origin: 'https://theirs.example', headers: { forwarded: 'for=10.0.0.7' } });
    await refusedJoin(url, { headers: { authorization: 'wrong' } });
    await refusedJoin(url, { headers: { forwarded: 'broken' } });
    await join(url);
    await refusedJoin(url);
    hub.maxClients = 1;
    await refusedJoin(url);
    expect(refused).toEqual([
      ['websocket', 'origin', 'for=10.0.0.7'],
      ['websocket', 'unauthorized', 'somebody'],
      ['websocket', 'failed', undefined],
      'capacity',
      ['websocket', 'capacity', 'somebody'],
    ]);
    expect([keeper.stats().lost.refused, hub.stats().refused]).toEqual([5, 5]);
  });

  it('answers 503 and Retry-After under load, and occupies no slot (INV-14)', async () => {
    const { hub, keeper, url } = await stand({}, { admit: () => ({ retryAfterMs: 4_000 }) });
    expect(await refusedJoin(url)).toMatchObject({ status: 503, retryAfter: '4', text: 'Too much to do, retry later' });
    expect([hub.clients, keeper.stats().sessions.taken, keeper.stats().lost.refused]).toEqual([0, 0, 1]);
  });

  it('turns away without a supervisor that wants to know', async () => {
    const { keeper, server, port } = await stand();
    const { reserve, notifier } = keeper;
    const parts = { reserve: reserve.bind(keeper), notifier: notifier.bind(keeper) };
    createHub(parts, { allowOrigin: () => false }).attach(server, '/closed');
    expect((await refusedJoin(`ws://127.0.0.1:${port}/closed`)).status).toBe(403);
    expect(keeper.stats().lost.refused).toBe(0);
  });

  it('takes no slot while it waits for an answer', async () => {
    const answer = pledge<Grant>();
    const asked = pledge<void>();
    const { hub, keeper, url } = await stand({
      maxClients: 1,
      authenticate: ({ url: asking }) => {
        if (asking?.endsWith('slow') !== true) return {};
        asked.resolve();
        return answer.promise;
      },
    });
    const slow = refusedJoin(`${url}?topic=slow`);
    await asked.promise;
    expect(keeper.stats().sessions.taken).toBe(0);
    await join(url);
    answer.resolve({});
    expect((await slow).status).toBe(503);
    expect(hub.clients).toBe(1);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('directory down'))],
    [
      'throws at once',
      () => {
        throw new Error('directory down');
      },
    ],
  ])('answers 500 and shows the cause when the hook %s', async (_how, authenticate) => {
    const { hub, url } = await stand({ authenticate });
    const events: HubEvent[] = [];
    hub.events$.subscribe((event) => events.push(event));
    const answer = await refusedJoin(url);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('directory');
    expect(events).toMatchObject([{ reason: 'failed', cause: new Error('directory down') }]);
  });

  it('stays shut when the hook answers anything but a grant', async () => {
    const { url } = await stand({ authenticate: () => true as unknown as Grant });
    expect((await refusedJoin(url)).status).toBe(401);
  });

  it('answers 503 when the hook takes too long, and aborts its signal', async () => {
    const clock = new VirtualClock();
    const asked = pledge<AbortSignal>();
    const { url } = await stand({
      clock,
      handshakeTimeoutMs: 100,
      authenticate: (_request, signal) => {
        asked.resolve(signal);
        return new Promise(() => {});
      },
    });
    const answer = refusedJoin(url);
    const signal = await asked.promise;
    await clock.advance(100);
    expect(await answer).toMatchObject({ status: 503, retryAfter: '1' });
    expect(signal.aborted).toBe(true);
  });

  it('lets only so many wait at once', async () => {
    const { url } = await stand({
      maxHandshakes: 1,
      authenticate: () => new Promise(() => {}),
      handshakeTimeoutMs: 300,
    });
    const waiting = refusedJoin(url);
    const first = await Promise.race([refusedJoin(url), waiting]);
    expect(first.status).toBe(503);
    expect(first.text).toContain('capacity');
    expect((await waiting).text).toContain('too long');
  });

  it('lets as many wait again as have been answered', async () => {
    const { hub, url } = await stand({ maxHandshakes: 1, authenticate: async () => ({}) });
    await join(url);
    await join(url);
    expect(hub.clients).toBe(2);
  });

  it('forgets a client that hung up while it was asked for', async () => {
    const answer = pledge<Grant>();
    const asked = pledge<void>();
    const { hub, keeper, server, port } = await stand({
      authenticate: () => {
        asked.resolve();
        return answer.promise;
      },
    });
    const closed = new Promise((resolve) => {
      server.on('connection', (socket) => socket.on('close', resolve));
    });
    const socket = await rawSocket(port, upgradeRequest());
    await asked.promise;
    socket.resetAndDestroy();
    answer.resolve({});
    await closed;
    await clientsBecome(hub, 0);
    expect(keeper.stats().sessions.taken).toBe(0);
  });
});
