import { once } from 'node:events';
import { InvalidOptionError } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createHub, type HubEvent, TopicFullError } from '../src/index.ts';
import { clientsBecome, join, rawSocket, refusedJoin, stand, upgradeRequest } from './support/testHub.ts';

describe('the cap of a hub', () => {
  it('Hub_MaxClientsCap: refuses the third of two with 503 and Retry-After, and admits again after a leave (INV-14, INV-17)', async () => {
    const { hub, keeper, url } = await stand({ maxClients: 2 });
    const first = await join(url);
    await join(url);
    expect(hub.clients).toBe(2);

    const answer = await refusedJoin(url);
    expect(answer).toEqual({ status: 503, retryAfter: '1', text: 'WebSocket connections at capacity, retry later' });
    expect(hub.clients).toBe(2);
    expect(keeper.stats().sessions.taken).toBe(2);

    first.socket.close();
    await clientsBecome(hub, 1);
    await join(url);
    expect(hub.clients).toBe(2);
  });

  it('EventHub_MaxClientsCap: holds for each of two hubs on one server by itself', async () => {
    const { hub, keeper, server, port, url } = await stand({ maxClients: 1 });
    const events = createHub(keeper, { maxClients: 1 });
    events.attach(server, '/events');
    await join(url);
    await join(`ws://127.0.0.1:${port}/events`);
    expect((await refusedJoin(`ws://127.0.0.1:${port}/events`)).status).toBe(503);
    expect([hub.clients, events.clients]).toEqual([1, 1]);
  });

  it('Hub_MaxClientsZeroIsUnlimited: admits ten at once without a cap and still counts them (INV-16)', async () => {
    const { hub, url } = await stand();
    await Promise.all(Array.from({ length: 10 }, () => join(url)));
    expect(hub.clients).toBe(10);
  });

  it('Hub_SetMaxClients_NegativeCoercesToZero: takes a negative cap for none (INV-16)', async () => {
    const { hub } = await stand({ maxClients: -5 });
    expect(hub.maxClients).toBe(0);
    hub.maxClients = -1;
    expect(hub.maxClients).toBe(0);
    expect(() => {
      hub.maxClients = 1.5;
    }).toThrow(InvalidOptionError);
  });

  it('evicts nobody when it is lowered and admits at once when it is raised (INV-16)', async () => {
    const { hub, url } = await stand();
    await join(url);
    await join(url);
    hub.maxClients = 1;
    expect(hub.clients).toBe(2);
    expect((await refusedJoin(url)).status).toBe(503);
    hub.maxClients = 3;
    await join(url);
    expect(hub.clients).toBe(3);
  });

  it('is never passed, however many ask at once (INV-14)', async () => {
    const { hub, keeper, url } = await stand({ maxClients: 5 });
    let most = 0;
    hub.events$.subscribe(() => {
      most = Math.max(most, hub.clients, keeper.stats().sessions.taken);
    });
    const attempts = await Promise.allSettled(Array.from({ length: 40 }, () => join(url)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(most).toBe(5);
    expect(hub.stats().refused).toBe(35);
  });

  it('is joined by the cap of the supervisor, which speaks of its own wait', async () => {
    const { url } = await stand({}, { maxSessions: 1, retryAfterMs: 4_200 });
    await join(url);
    expect(await refusedJoin(url)).toMatchObject({ status: 503, retryAfter: '5' });
  });
});

describe('the cap of a topic', () => {
  it('holds for what a client asks for at its handshake, and for what it was granted', async () => {
    const { keeper, url } = await stand(
      { authenticate: ({ url = '' }) => (url.includes('granted') ? { topics: ['api'] } : {}) },
      { maxSessionsPerTopic: 1, retryAfterMs: 4_200 },
    );
    const first = await join(`${url}?topic=api&topic=db`);
    expect(await refusedJoin(`${url}?topic=db`)).toMatchObject({ status: 503, retryAfter: '5' });
    expect((await refusedJoin(`${url}?granted`)).status).toBe(503);
    await join(url);
    await join(`${url}?topic=queue`);
    expect(keeper.stats().sessions.taken).toBe(3);
    first.socket.close();
    await once(first.socket, 'close');
    await join(`${url}?granted`);
  });

  it('holds for what a client subscribes to later: it is closed with 1013, and the others stay', async () => {
    const { hub, url } = await stand({}, { maxSessionsPerTopic: 1 });
    const events: HubEvent[] = [];
    hub.events$.subscribe((event) => events.push(event));
    await join(`${url}?topic=api`);
    const changer = await join(url);
    changer.socket.send(JSON.stringify({ type: 'subscribe', topics: ['db'] }));
    changer.socket.send(JSON.stringify({ type: 'subscribe', topics: ['db', 'api'] }));
    expect(await changer.ended).toEqual({ code: 1013, reason: 'topic at capacity' });
    await clientsBecome(hub, 1);
    expect(events).toMatchObject([{}, {}, { type: 'client.failed', cause: new TopicFullError() }, {}]);
  });
});

describe('a subprotocol', () => {
  /** What is confirmed to a client that offers these; reads the response itself, since clients hang up at a wrong one. */
  async function confirmed(url: string, offered: readonly string[]): Promise<unknown> {
    const socket = new WebSocket(url, [...offered]);
    socket.on('error', () => {});
    const [response] = await once(socket, 'upgrade');
    socket.terminate();
    return response.headers['sec-websocket-protocol'];
  }

  it('is confirmed only where the hub speaks it, whatever else is offered before', async () => {
    const silent = await stand();
    expect(await confirmed(silent.url, ['graphql-ws', 'health.v1'])).toBeUndefined();
    const speaking = await stand({ subprotocols: ['health.v2', 'health.v1'] });
    expect(await confirmed(speaking.url, ['token.secret', 'health.v1', 'health.v2'])).toBe('health.v1');
    expect(await confirmed(speaking.url, ['graphql-ws'])).toBeUndefined();
    expect((await join(speaking.url)).socket.protocol).toBe('');
  });

  it.each([[['two words']], [['a,b']], [['']], [[1]], ['health.v1']])(
    '%j is no list of names',
    async (subprotocols) => {
      await expect(stand({ subprotocols: subprotocols as string[] })).rejects.toThrow(/hub\.subprotocols/);
    },
  );
});

describe('a refused upgrade', () => {
  it.each([
    ['too many topics', '?topic=a&topic=b&topic=c'],
    ['name of a topic too long', `?topic=${'x'.repeat(1_025)}`],
  ])('is one that asks for what is past a limit: %s', async (why, query) => {
    const { hub, keeper, url } = await stand({ maxTopics: 2 });
    expect(await refusedJoin(url + query)).toMatchObject({ status: 400, text: `Refused: ${why}` });
    expect((await join(`${url}?topic=${'x'.repeat(1_024)}`)).socket.readyState).toBe(WebSocket.OPEN);
    expect([hub.stats().refused, keeper.stats().sessions.taken]).toEqual([1, 1]);
  });

  it('gives its slot back when the handshake is wrong (INV-15)', async () => {
    const { hub, keeper, port } = await stand();
    const events: HubEvent[] = [];
    hub.events$.subscribe((event) => events.push(event));
    const socket = await rawSocket(port, upgradeRequest().replace('Version: 13', 'Version: 7'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
    expect(keeper.stats().sessions.taken).toBe(0);
    expect(events).toMatchObject([{ type: 'upgrade.refused', reason: 'handshake', status: 400 }]);
  });

  it('gives its slot back when the client hung up before it was answered (INV-15)', async () => {
    const { hub, keeper, server, port } = await stand();
    const torn = new Promise((resolve) => {
      server.prependListener('upgrade', (_request, socket) => {
        socket.destroy();
        resolve(undefined);
      });
    });
    await rawSocket(port, upgradeRequest());
    await torn;
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0]);
  });

  it('is answered with 404 where no hub and nobody else is', async () => {
    const { port } = await stand();
    expect((await refusedJoin(`ws://127.0.0.1:${port}/elsewhere`)).status).toBe(404);
  });

  it('is left to others who take upgrades on the same server', async () => {
    const { server, port } = await stand();
    server.on('upgrade', ({ url }, socket) => {
      if (url === '/elsewhere') socket.end('HTTP/1.1 418 Teapot\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
    expect((await refusedJoin(`ws://127.0.0.1:${port}/elsewhere`)).status).toBe(418);
  });
});

it('createHub names the option that breaks its rule', async () => {
  const { keeper } = await stand();
  // @ts-expect-error 1000 is no code for a slow client
  expect(() => createHub(keeper, { slowClientCode: 1000 })).toThrow('`hub.slowClientCode` to be 1008 or 1013');
  expect(() => createHub(keeper, { notifier: { stallAfterMs: 0 } })).toThrow('`hub.notifier.stallAfterMs`');
  expect(() => createHub(keeper).attach({ on() {}, off() {}, listenerCount: () => 0 }, 'feed')).toThrow(
    InvalidOptionError,
  );
});
