import { type Client, credentials, loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { healthDefinition, healthService } from '@watchkeeper/grpc';
import { scriptedProbe } from '@watchkeeper/testing';
import { HealthImplementation } from 'grpc-health-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { grpcHealth, type HealthCalls } from './rows/grpcHealth.ts';

type Api = HealthCalls['api'][number];

/** A server, and how its service `api` is set. */
interface Subject {
  readonly server: Server;
  readonly become: (api: Api) => Promise<void>;
}

async function ourServer(): Promise<Subject> {
  const keeper = createSupervisor();
  const probe = scriptedProbe('+');
  const thresholds = { failureThreshold: 1, successThreshold: 1 };
  const monitor = keeper.monitor('api', probe, { intervalMs: 600_000, ...thresholds });
  keeper.start();
  onTestFinished(async () => void (await keeper.stop()));
  const { definition, implementation } = healthService(keeper);
  const server = new Server();
  server.addService(definition, implementation);
  const become = async (api: Api) => {
    const health = api === 'SERVING' ? 'healthy' : 'unhealthy';
    probe.rewrite(api === 'SERVING' ? '+' : '-');
    const asked = probe.asked;
    monitor.check();
    while (probe.asked === asked || monitor.health !== health) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { server, become };
}

async function theirServer(): Promise<Subject> {
  const health = new HealthImplementation({ '': 'SERVING', api: 'SERVING' });
  const server = new Server();
  health.addToServer(server);
  return { server, become: async (api) => health.setStatus('api', api) };
}

interface HealthClient extends Client {
  Check(request: object, done: (error: { code: number } | null, response?: { status: string }) => void): void;
  Watch(request: object): {
    on(event: string, listener: (value: never) => void): void;
    cancel(): void;
  };
}

/** What a client hears of a row's calls. */
async function heardOf({ server, become }: Subject, { call, service, api, words }: HealthCalls): Promise<string[]> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const { Health } = loadPackageDefinition({ Health: healthDefinition } as never) as never as {
    Health: new (target: string, creds: unknown) => HealthClient;
  };
  const client = new Health(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => {
    client.close();
    server.forceShutdown();
  });
  const [first = 'SERVING', ...later] = api;
  await become(first);
  if (call === 'Check') {
    return new Promise((resolve) => {
      client.Check({ service }, (error, response) =>
        resolve([error ? `error ${error.code}` : (response?.status ?? '')]),
      );
    });
  }
  const heard: string[] = [];
  const stream = client.Watch({ service });
  stream.on('error', () => {});
  await new Promise<void>((resolve) => {
    const note = (word: string) => {
      heard.push(word);
      if (heard.length === 1) void turn();
      if (heard.length === words) resolve();
    };
    const turn = async () => {
      for (const next of later) {
        const before = heard.length;
        await become(next);
        // Each change is waited for, where one is to be heard.
        while (next !== heard.at(-1) && heard.length === before) await new Promise((go) => setTimeout(go, 2));
      }
    };
    stream.on('data', ({ status }: { status: string }) => note(status));
    stream.on('status', ({ code }: { code: number }) => note(`error ${code}`));
  });
  stream.cancel();
  return heard.slice(0, words);
}

describe(grpcHealth.title, () => {
  it.each(grpcHealth.rows)('$rule ($source)', async (row) => {
    expect(await heardOf(await ourServer(), row.input)).toEqual(row.expected);
  });

  it.each(grpcHealth.rows)('grpc-health-check: $rule', async (row) => {
    expectAgreement(row, 'grpc-health-check', await heardOf(await theirServer(), row.input));
  });
});
