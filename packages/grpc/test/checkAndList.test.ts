import { status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { healths } from '@watchkeeper/core';
import { protoPath } from 'grpc-health-check';
import { describe, expect, it } from 'vitest';
import { healthDefinition, type ServingStatus, servingStatus } from '../src/index.ts';
import { type PublishedClient, serve, target, until } from './support/testServer.ts';

const check = (client: PublishedClient, service: string): Promise<ServingStatus | number> =>
  new Promise((resolve) =>
    client.Check({ service }, (error, response) => resolve(error === null ? response.status : error.code)),
  );

const list = (client: PublishedClient): Promise<Record<string, ServingStatus> | number> =>
  new Promise((resolve) =>
    client.List({}, (error, response) =>
      resolve(
        error === null
          ? Object.fromEntries(Object.entries(response.statuses).map(([name, entry]) => [name, entry.status]))
          : error.code,
      ),
    ),
  );

describe('the definition of grpc.health.v1', () => {
  it('is on the wire what gRPC publishes', () => {
    const theirs = loadSync(protoPath, { keepCase: true, enums: String, defaults: true })['grpc.health.v1.Health'];
    const methods = theirs as unknown as typeof healthDefinition;
    expect(Object.keys(healthDefinition).sort()).toEqual(Object.keys(methods).sort());
    for (const name of ['Check', 'Watch', 'List'] as const) {
      const { path, requestStream, responseStream } = healthDefinition[name];
      expect({ path, requestStream, responseStream }).toEqual({
        path: methods[name].path,
        requestStream: methods[name].requestStream,
        responseStream: methods[name].responseStream,
      });
    }
    for (const said of ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const) {
      const bytes = methods.Check.responseSerialize({ status: said });
      expect(healthDefinition.Check.responseDeserialize(bytes)).toEqual({ status: said });
      expect(healthDefinition.Watch.responseSerialize({ status: said })).toEqual(bytes);
    }
    const statuses = { '': { status: 'SERVING' }, api: { status: 'NOT_SERVING' } } as const;
    expect(healthDefinition.List.responseDeserialize(methods.List.responseSerialize({ statuses }))).toEqual({
      statuses,
    });
    expect(healthDefinition.Check.requestDeserialize(methods.Check.requestSerialize({ service: 'ä' }))).toEqual({
      service: 'ä',
    });
  });
});

describe('servingStatus', () => {
  it('calls serving only what is ready for work', () => {
    expect(healths.filter((health) => servingStatus(health) === 'SERVING')).toEqual(['degraded', 'healthy', 'paused']);
  });
});

describe('Check', () => {
  it('answers for a group: a composite of a tag, under a name of its own (INV-113)', async () => {
    await using served = await serve({}, { services: { 'payments.v1.Payments': 'payments' } });
    const card = target(served.keeper, 'card');
    card.update({ tags: ['payments'] });
    const group = served.keeper.composite('payments', { of: { tag: 'payments' }, need: 'all' });
    await until(() => group.health === 'healthy');
    expect(await check(served.client, 'payments.v1.Payments')).toBe('SERVING');
    expect(await check(served.client, 'payments')).toBe(status.NOT_FOUND);
    card.become('-');
    await until(() => group.health === 'unhealthy');
    expect(await check(served.client, 'payments.v1.Payments')).toBe('NOT_SERVING');
  });

  it('answers for the whole, for each service, and NOT_FOUND for an unknown one (INV-13)', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    expect(await check(served.client, '')).toBe('SERVING');
    expect(await check(served.client, 'api')).toBe('SERVING');
    expect(await check(served.client, 'nobody')).toBe(status.NOT_FOUND);
    api.become('-');
    await until(() => api.health === 'unhealthy');
    expect(await check(served.client, 'api')).toBe('NOT_SERVING');
    expect(await check(served.client, '')).toBe('NOT_SERVING');
    api.stop();
    expect(await check(served.client, 'api')).toBe(status.NOT_FOUND);
    expect(await check(served.client, '')).toBe('SERVING');
  });

  it('knows only the names it was given, when it was given names', async () => {
    await using served = await serve({}, { services: { 'orders.v1.Orders': 'api', 'users.v1.Users': 'users' } });
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    expect(await check(served.client, 'orders.v1.Orders')).toBe('SERVING');
    expect(await check(served.client, 'api')).toBe(status.NOT_FOUND);
    expect(await check(served.client, 'users.v1.Users')).toBe(status.NOT_FOUND);
    expect(await check(served.client, '')).toBe('SERVING');
  });

  it('takes no slot, and is NOT_SERVING from withdrawal to the end of a drain', async () => {
    await using served = await serve({ maxSessions: 1 });
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    const slot = served.keeper.reserve();
    const session = slot.reserved ? slot.open({ goaway() {}, close() {} }) : undefined;
    expect(await check(served.client, 'api')).toBe('SERVING');
    const drained = served.keeper.drain({ noticeMs: 400, graceMs: 1_000 });
    await until(() => served.keeper.health === 'stopped');
    expect(await check(served.client, '')).toBe('NOT_SERVING');
    expect(await check(served.client, 'api')).toBe('NOT_SERVING');
    expect(await check(served.client, 'nobody')).toBe(status.NOT_FOUND);
    await until(() => served.keeper.stats().monitors.total === 0);
    expect(await check(served.client, 'api')).toBe('NOT_SERVING');
    session?.end();
    await drained;
    expect(await check(served.client, '')).toBe('NOT_SERVING');
  });
});

describe('List', () => {
  it('answers with the whole and every known service', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    const db = target(served.keeper, 'db');
    db.become('-');
    await until(() => api.health === 'healthy' && db.health === 'unhealthy');
    expect(await list(served.client)).toEqual({ '': 'NOT_SERVING', api: 'SERVING', db: 'NOT_SERVING' });
  });

  it('lists 100 services, and ends with RESOURCE_EXHAUSTED for one more (gRFC A90)', async () => {
    await using served = await serve();
    for (let count = 1; count < 100; count++) target(served.keeper, `service ${count}`);
    expect(Object.keys((await list(served.client)) as object)).toHaveLength(100);
    target(served.keeper, 'one more');
    expect(await list(served.client)).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('leaves out a given name whose monitor is not there', async () => {
    await using served = await serve({}, { services: { orders: 'api', users: 'users' } });
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    expect(await list(served.client)).toEqual({ '': 'SERVING', orders: 'SERVING' });
  });
});
