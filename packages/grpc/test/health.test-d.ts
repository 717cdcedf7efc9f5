import { Server } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { describe, expectTypeOf, it } from 'vitest';
import { drainServer, type HealthServiceOptions, healthService, type ServerDrainReport } from '../src/index.ts';

describe('the health service', () => {
  it('fits a grpc-js server without a cast', () => {
    const server = new Server();
    const keeper = createSupervisor();
    const { definition, implementation } = healthService(keeper);
    server.addService(definition, implementation);
    expectTypeOf(drainServer(server, keeper)).resolves.toEqualTypeOf<ServerDrainReport>();
  });

  it('chooses the topics of its watches itself', () => {
    // @ts-expect-error a Watch is told of its own service
    const options: HealthServiceOptions = { notifier: { topics: ['api'] } };
    expectTypeOf(options).toEqualTypeOf<HealthServiceOptions>();
  });
});
