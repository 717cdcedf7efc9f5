import { connect as connectHttp2 } from 'node:http2';
import { afterEach } from 'vitest';
import type { Availability } from '../src/availability.ts';
import { type Broker, startBroker } from '../src/broker.ts';
import { follow } from '../src/follow.ts';
import type { Status } from '../src/healthzProto.ts';

export const plenty: Availability = { cpu: 0.99, memory: 0.99 };
const brokers: Broker[] = [];
const hangUps: (() => void)[] = [];

afterEach(async () => {
  for (const hangUp of hangUps.splice(0)) hangUp();
  for (const { keeper, stop } of brokers.splice(0)) {
    await keeper.stop();
    await stop();
  }
});

export async function until(holds: () => boolean, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not so within ${withinMs} ms: ${holds}`);
    // Not at once again: a busy wait takes the processor from what it waits for.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A broker whose availability is set by hand. */
export async function start(free: Availability = plenty) {
  let measured = free;
  const broker = await startBroker({ intervalMs: 600_000, measure: () => measured });
  brokers.push(broker);
  await until(() => broker.keeper.monitorOf('process')?.health !== 'starting');
  return {
    ...broker,
    measure(next: Availability) {
      measured = next;
      broker.keeper.monitorOf('process')?.check();
    },
  };
}

/** A client, with all it was told. */
export function join(port: number, on?: ReturnType<typeof follow>['connection']) {
  const { connection, stream } = follow(`127.0.0.1:${port}`, on);
  const told: Status[] = [];
  const client = { connection, stream, told, ending: undefined as number | undefined };
  stream.on('data', (status) => told.push(status));
  stream.on('error', () => {});
  stream.on('status', ({ code }) => {
    client.ending = code;
  });
  hangUps.push(() => connection.close());
  return Object.assign(client, { codes: () => told.map(({ code }) => code) });
}

export async function joined(port: number, on?: ReturnType<typeof follow>['connection']) {
  const client = join(port, on);
  await until(() => client.told.length > 0);
  return client;
}

export const notifiers = (broker: Broker) => [...broker.keeper.actors()].filter(({ kind }) => kind === 'notifier');

/** A client that never reads: its window is shut from the beginning. */
export async function stuck(broker: Broker) {
  const session = connectHttp2(`http://127.0.0.1:${broker.port}`, { settings: { initialWindowSize: 0 } });
  session.on('error', () => {});
  hangUps.push(() => session.destroy());
  const before = broker.keeper.stats().notifiers.open;
  const call = session.request({
    ':method': 'POST',
    ':path': '/watchkeeper.example.v1.Healthz/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  call.on('error', () => {});
  await until(() => broker.keeper.stats().notifiers.open === before + 1);
}
