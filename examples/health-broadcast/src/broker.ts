import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor, defineProbe, type Supervisor } from '@watchkeeper/core';
import { drainServer, healthService, type ServerDrainReport } from '@watchkeeper/grpc';
import { type Availability, isShort } from './availability.ts';
import { healthzDefinition } from './healthzProto.ts';
import { healthzService } from './healthzService.ts';
import { ProcessMeter } from './processMeter.ts';

/** Options of a broker. */
export interface BrokerOptions {
  /** @default a free port */
  readonly port?: number;
  /**
   * Measures what is free.
   * @default this process
   */
  readonly measure?: () => Availability;
  /**
   * How often to measure, in milliseconds.
   * @default 5000
   */
  readonly intervalMs?: number;
}

/** A running broker. */
export interface Broker {
  readonly keeper: Supervisor;
  readonly port: number;
  /** Tells every client to connect anew, as after a scale-up. The broker goes on. */
  rebalance(): void;
  /** Tells every client to go, waits for them, and ends. */
  stop(): Promise<ServerDrainReport>;
}

export async function startBroker({ port = 0, intervalMs = 5_000, measure }: BrokerOptions = {}): Promise<Broker> {
  const keeper = createSupervisor({ name: 'broker', drain: { graceMs: 5_000, deadlineMs: 10_000 } });
  const meter = new ProcessMeter();
  const read = measure ?? (() => meter.sample());
  let latest = read();
  keeper.monitor(
    'process',
    defineProbe('process', async () => {
      latest = read();
      return { status: isShort(latest) ? 'fail' : 'pass', measured: { ...latest } };
    }),
    { intervalMs, failureThreshold: 1, successThreshold: 1 },
  );

  const server = new Server();
  server.addService(
    healthzDefinition,
    healthzService(keeper, () => latest),
  );
  const { definition, implementation } = healthService(keeper);
  server.addService(definition, implementation);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, taken) =>
      error === null ? resolve(taken) : reject(error),
    );
  });
  keeper.start();

  return {
    keeper,
    port: bound,
    rebalance: () => keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 0 }),
    stop: () => drainServer(server, keeper),
  };
}
