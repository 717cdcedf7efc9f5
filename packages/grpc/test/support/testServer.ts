import {
  type Client,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { createSupervisor, type Monitor, type Supervisor, type SupervisorOptions } from '@watchkeeper/core';
import { scriptedProbe } from '@watchkeeper/testing';
import { protoPath } from 'grpc-health-check';
import { type HealthService, type HealthServiceOptions, healthService, type ServingStatus } from '../../src/index.ts';

/** A call of the published client that streams statuses. */
interface StatusStream extends AsyncIterable<{ status: ServingStatus }> {
  cancel(): void;
  on(event: 'data', listener: (response: { status: ServingStatus }) => void): this;
  on(event: 'error', listener: () => void): this;
  on(event: 'status', listener: (status: { code: number }) => void): this;
}

type Done<TResponse> = (error: ServiceError | null, response: TResponse) => void;

/** The client that grpc-health-check's own proto makes. */
export interface PublishedClient extends Client {
  Check(request: { service: string }, done: Done<{ status: ServingStatus }>): unknown;
  List(request: object, done: Done<{ statuses: Record<string, { status: ServingStatus }> }>): unknown;
  Watch(request: { service: string }): StatusStream;
}

type Published = {
  grpc: { health: { v1: { Health: new (target: string, creds: unknown, options?: object) => PublishedClient } } };
};

const published = loadPackageDefinition(
  loadSync(protoPath, { keepCase: true, enums: String, defaults: true }),
) as unknown as Published;

/** A client made from the proto of grpc-health-check, not from ours. */
export function connect(port: number, options: object = {}): PublishedClient {
  return new published.grpc.health.v1.Health(`127.0.0.1:${port}`, credentials.createInsecure(), options);
}

/** Listens on `port`, or on a free one. */
export function listen(server: Server, port = 0, credentials = ServerCredentials.createInsecure()): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
}

/** What one Watch hears: each status once, then how it ended. */
export function follow(stream: StatusStream) {
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  const note = (word: string) => {
    heard.push(word);
    for (const look of waiting) look();
  };
  stream.on('data', ({ status }) => note(status));
  stream.on('error', () => {});
  stream.on('status', ({ code }) => note(code === 0 ? 'OK' : `error ${code}`));
  return {
    heard,
    /** Resolves when `count` words have been heard. */
    async words(count: number): Promise<readonly string[]> {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          const look = () => {
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
        });
      }
      return heard;
    },
    cancel: () => stream.cancel(),
  };
}

/** One monitor whose verdicts are told by hand. */
export function target(keeper: Supervisor, id: string): Monitor & { become(mark: '+' | '~' | '-'): void } {
  const probe = scriptedProbe('+');
  const monitor = keeper.monitor(id, probe, { intervalMs: 600_000, failureThreshold: 1, successThreshold: 1 });
  return Object.assign(monitor, {
    become(mark: '+' | '~' | '-') {
      probe.rewrite(mark);
      monitor.check();
    },
  });
}

/** Resolves when `holds` does; looks now and then, for a look with every turn is a core that does nothing else. */
export async function until(holds: () => boolean, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not so within ${withinMs} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A supervisor, served; everything of it ends with the scope. */
export async function serve(
  given: SupervisorOptions = {},
  options: HealthServiceOptions = {},
  onPort = 0,
  serverOptions: ServerOptions = {},
): Promise<
  AsyncDisposable & {
    keeper: Supervisor;
    server: Server;
    service: HealthService;
    port: number;
    client: PublishedClient;
  }
> {
  const keeper = createSupervisor(given);
  const service = healthService(keeper, options);
  const server = new Server(serverOptions);
  server.addService(service.definition, service.implementation);
  const port = await listen(server, onPort);
  const client = connect(port);
  keeper.start();
  return {
    keeper,
    server,
    service,
    port,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      server.forceShutdown();
      await keeper.stop();
    },
  };
}
