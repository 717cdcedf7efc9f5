import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MonitorStatus } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config/readConfig.ts';
import { type Heard, startReceiver } from '../src/playground/receiver.ts';
import { agentToken, startTargets, type Targets } from '../src/playground/targets.ts';
import { watchesOf } from '../src/routes/watch.ts';
import { startEngine, startNames } from './servers.ts';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function until<T>(find: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Not within 120 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Routes of every kind, and a destination of every kind. */
function configOf({ ports }: Targets, names: number, engine: number, receiver: number): string {
  const at = (name: keyof typeof ports) => `127.0.0.1:${ports[name]}`;
  return `
listen: { port: 0 }
defaults: { intervalMs: 2000, timeoutMs: 5000, alertAfter: 2 }
routes:
  web: { url: "http://${at('web')}/", proxy: /web, intervalMs: 100 }
  checkout: { url: "http://${at('web')}/", dependsOn: [web], alertAfter: 5, intervalMs: 100 }
  shop-1: { url: "http://${at('shop-1')}/" }
  shop-2: { url: "http://${at('shop-2')}/" }
  shop: { of: [shop-1, shop-2], proxy: /shop }
  mesh: { url: "h2c://${at('mesh')}/" }
  line: { url: "tcp://${at('line')}" }
  greeting: { url: "transfer://${at('line')}" }
  echo: { url: "udp://${at('echo')}" }
  live: { url: "ws://${at('live')}/" }
  orders: { url: "grpc://${at('orders')}/" }
  behind: { url: "tcp://${at('line')}", via: { agent: "http://${at('agent')}/", token: "$\{AGENT_TOKEN}" } }
  names: { url: "dns://127.0.0.1:${names}/example.org" }
  container: { url: "docker://web", with: { engine: "tcp://127.0.0.1:${engine}" } }
  ghost: { url: "docker://ghost", with: { engine: "tcp://127.0.0.1:1" }, fallback: "tcp://${at('line')}" }
  program: { exec: [node, --version], intervalMs: 60000 }
  self: { url: "file://${fileURLToPath(import.meta.url)}", with: { minBytes: 1 } }
  folder: { url: "fileserver://${tmpdir()}" }
alerts:
  hook: { kind: webhook, url: "http://127.0.0.1:${receiver}/hook", headers: { authorization: "$\{HOOK_SECRET}" }, retry: { firstDelayMs: 50, maxDelayMs: 100, attempts: 1000, closeMs: 200 } }
  phone: { kind: ntfy, url: "http://127.0.0.1:${receiver}", topic: topic-secret }
  desk: { kind: gotify, url: "http://127.0.0.1:${receiver}", token: gotify-secret }
  team: { kind: slack, url: "http://127.0.0.1:${receiver}/services/T0/B0/secret", retry: { firstDelayMs: 50, maxDelayMs: 100, attempts: 1000 } }
`;
}

/** The program in a process of its own, with all it watches and tells in this one. */
async function start() {
  const targets = await startTargets();
  cleanUps.push(() => targets[Symbol.asyncDispose]());
  const [names, engine] = await Promise.all([startNames(), startEngine()]);
  cleanUps.push(names.close, engine.close);
  const heard: Heard[] = [];
  const out = new Set<Heard['service']>();
  const receiver = await startReceiver((one) => {
    if (out.has(one.service)) return 503;
    heard.push(one);
    return 200;
  });
  cleanUps.push(() => receiver[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  const config = configOf(targets, names.port, engine.port, receiver.port);
  await writeFile(file, config);

  const program = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url)), file], {
    env: { ...process.env, AGENT_TOKEN: agentToken, HOOK_SECRET: 'hook-secret' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanUps.push(() => program.kill('SIGKILL'));
  const exited = once(program, 'exit');
  const lines: string[] = [];
  for (const output of [program.stdout, program.stderr]) createInterface(output).on('line', (line) => lines.push(line));
  const said = (pattern: RegExp) => until(() => lines.find((line) => pattern.test(line)), `${pattern} is said`);
  const url = /http:\S+/.exec(await said(/^Gateway: /))?.[0] ?? '';
  return {
    targets,
    out,
    lines,
    said,
    exited,
    program,
    config,
    url,
    titles: (service: Heard['service']) =>
      heard.filter((one) => one.service === service).map(({ body }) => body['title'] ?? body['text']),
    heard,
    async statuses() {
      const all = (await (await fetch(`${url}/routes`)).json()) as MonitorStatus[];
      return new Map(all.map((status) => [status.id, status]));
    },
    /** As an editor saves: a new file under the old name. */
    async save(text: string) {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    },
  };
}

describe('the program', () => {
  it('watches routes of every kind, tells every kind of destination in pairs, reloads all or nothing, and ends in order (INV-55, INV-71)', async () => {
    const gateway = await start();
    const { targets, out, heard, titles, said, statuses, config, save } = gateway;
    const isWell = ({ health }: MonitorStatus) => health === 'healthy';
    const before = await until(async () => {
      const now = await statuses();
      return now.size === 18 && [...now.values()].every(isWell) ? now : undefined;
    }, 'every route is healthy');

    // One service is out of order from the first alert to the last, and hears of the whole outage later.
    out.add('slack');
    targets.set('web', false);
    for (const service of ['webhook', 'ntfy', 'gotify'] as const) {
      await until(() => titles(service)[0], `${service} hears that web is down`);
    }
    await said(/no alert for checkout: web, on which it depends, is down/);
    expect((await fetch(`${gateway.url}/web`)).status).toBe(503);
    targets.set('web', true);
    for (const service of ['webhook', 'ntfy', 'gotify'] as const) {
      await until(() => titles(service)[1], `${service} hears that web is back`);
      expect(titles(service)).toEqual(['web is down', 'web is back']);
    }
    out.delete('slack');
    await until(() => titles('slack')[0], 'slack hears of it');
    expect(titles('slack')).toEqual(['web was down and is back']);
    expect(heard.find(({ service }) => service === 'webhook')).toMatchObject({
      headers: { authorization: 'hook-secret', 'idempotency-key': expect.stringMatching(/^web@\d+:down$/) },
      body: { target: 'web', news: 'down', failures: 2, detail: '503 Service Unavailable' },
    });

    // Requests pass through, and a pair of upstreams takes turns.
    expect(await (await fetch(`${gateway.url}/web/page?x=1`)).text()).toBe('web says hello\n');
    const answers = [await fetch(`${gateway.url}/shop`), await fetch(`${gateway.url}/shop`)];
    expect((await Promise.all(answers.map((answer) => answer.text()))).toSorted()).toEqual([
      'shop-1 says hello\n',
      'shop-2 says hello\n',
    ]);

    // A bad file changes nothing, and a good one no more than it says.
    const epochs = async () => new Map([...(await statuses()).values()].map(({ id, epoch }) => [id, epoch]));
    await save(config.replace('intervalMs: 2000', 'intervalMs: soon'));
    await said(/gateway.yaml:3: `defaults.intervalMs` must be a number, not "soon"/);
    await save(config.replace(/^ {2}mesh.*$/m, '').replace('intervalMs: 60000 }', 'jitter: 7 }'));
    await said(/`routes.program.jitter` must be a number from 0 to 1, not 7/);
    expect(await epochs()).toEqual(new Map([...before.values()].map(({ id, epoch }) => [id, epoch])));
    await save(
      config
        .replace(/^ {2}mesh.*$/m, '')
        .replace(/^ {2}line: .*$/m, '  line: { exec: [node, --version], intervalMs: 60000 }'),
    );
    await said(/reloaded: 0 routes added, 1 removed, 1 changed, 16 left alone, 0 destinations changed/);
    const after = await until(async () => {
      const now = await statuses();
      return now.get('line')?.health === 'healthy' ? now : undefined;
    }, 'the new question is answered');
    expect(after.has('mesh')).toBe(false);
    expect(after.get('line')).toMatchObject({ probe: 'exec:node', epoch: 2 });
    for (const id of ['shop', 'echo', 'orders']) {
      expect(after.get(id)).toMatchObject({ epoch: before.get(id)?.epoch, since: before.get(id)?.since });
    }

    // What cannot be delivered any more is reported.
    out.add('webhook');
    targets.set('web', false);
    await until(() => titles('gotify')[2], 'gotify hears of the second outage');
    gateway.program.kill('SIGTERM');
    expect(await gateway.exited).toEqual([0, null]);
    expect(gateway.lines.slice(-3)).toEqual([
      expect.stringMatching(/drained in /),
      expect.stringMatching(/alerts: 10 delivered, 1 dropped, 1 of them undelivered at the end$/),
      expect.stringMatching(/undelivered to hook: "web is down"$/),
    ]);
    expect(gateway.lines.join('\n')).not.toMatch(/secret|a token of the playground/);
  });

  it('does not start with a configuration that is bad, and says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, 'routes:\n  web: { url: "htp://web" }\n');
    const program = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url)), file]);
    let said = '';
    program.stderr.on('data', (piece) => {
      said += piece;
    });
    expect(await once(program, 'close')).toEqual([1, null]);
    expect(said).toMatch(/^gateway.yaml:2: `routes.web.url` must be a URL with the scheme/);
  });

  it('ships a configuration that is good', async () => {
    const text = await readFile(new URL('../gateway.yaml', import.meta.url), 'utf8');
    expect(watchesOf(readConfig('gateway.yaml', text).config)).toHaveLength(15);
  });
});
