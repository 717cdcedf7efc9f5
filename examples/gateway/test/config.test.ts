import { describe, expect, it } from 'vitest';
import { retryDefaults } from '../src/alerts/retryPolicy.ts';
import { checkConfig } from '../src/checkedConfig.ts';
import { maxAliasedNodes } from '../src/config/aliases.ts';
import { readYaml } from '../src/config/configText.ts';
import { ConfigError } from '../src/config/problem.ts';
import { readConfig } from '../src/config/readConfig.ts';
import { routeProbe } from '../src/routes/routeProbe.ts';

const file = 'gateway.yaml';

/** How a configuration names an environment variable. */
const variable = (name: string): string => `$\{${name}}`;

/** What a configuration is refused for, line by line. */
function refusal(text: string, environment = {}): string {
  try {
    checkConfig(file, text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted');
}

/** Nine lines whose aliases stand for 9⁹ values. */
const bomb = Array.from('abcdefghi', (name, depth) => {
  const before = depth === 0 ? 'x' : `*${'abcdefghi'[depth - 1]}`;
  return `${name}: &${name} [${Array(9).fill(before).join(', ')}]`;
}).join('\n');

const manyAliases = (count: number): string => `a: &a x\nb: [${Array(count).fill('*a').join(', ')}]\n`;

describe('a configuration', () => {
  it('may have as many aliases as their limit says', () => {
    expect(readYaml(manyAliases(maxAliasedNodes)).value).toEqual({ a: 'x', b: Array(maxAliasedNodes).fill('x') });
  });

  it('may name an anchor anew, and what is aliased there is the latest', () => {
    expect(readYaml('a: &a 1\nb: &a { of: 2 }\nc: *a\n').value).toEqual({ a: 1, b: { of: 2 }, c: { of: 2 } });
  });

  it('is complete once read: what is left out has its default', () => {
    const { config } = readConfig(
      file,
      'routes:\n  db: { url: tcp://db:5432 }\nalerts:\n  ops: { kind: ntfy, topic: t }\n',
    );
    expect(config).toEqual({
      listen: { host: '127.0.0.1', port: 8_080 },
      defaults: {},
      routes: { db: { url: 'tcp://db:5432' } },
      alerts: { ops: { kind: 'ntfy', url: 'https://ntfy.sh', topic: 't', retry: retryDefaults } },
    });
  });

  it('is refused with line, option, rule and value of everything that is wrong', () => {
    const text = `
listen: { port: 99999 }
defaults:
  intervalMs: soon
routes:
  web: { url: "tcp://web:1", intervl: 5 }
  pair:
    of: [web]
    need: 0
alerts:
  ops: { kind: pigeon }
`;
    const lines = refusal(text).split('\n');
    expect(lines).toEqual([
      'gateway.yaml:2: `listen.port` must be at most 65535, not 99999',
      'gateway.yaml:4: `defaults.intervalMs` must be a number, not "soon"',
      'gateway.yaml:6: `routes.web.intervl` must be left out: it is an unknown option; did you mean `intervalMs`?, not 5',
      'gateway.yaml:9: `routes.pair.need` must be 1 or more, not 0',
      'gateway.yaml:11: `alerts.ops.kind` must be one of "webhook", "ntfy", "gotify", "slack", not "pigeon"',
    ]);
  });

  it.each([
    ['YAML itself', 'routes:\n  web: { url: [a\n', /^gateway.yaml:3: Flow/m],
    [
      'a name given twice',
      'routes:\n  web: { url: "tcp://a:1" }\n  web: { url: "tcp://a:1" }\n',
      /:3: Map keys must be unique/,
    ],
    ['an anchor that is not there', 'routes:\n  web: *gone\n', /:2: The anchor of \*gone must stand before it/],
    [
      'an alias within its own anchor',
      'routes: &all\n  web: *all\n',
      /:2: The alias \*all must not stand within its own/,
    ],
    ['a list that holds itself', 'routes:\n  web: { of: &own [*own] }\n', /:2: The alias \*own must not stand within/],
    ['an alias to its own name', 'routes:\n  ? &own [*own]\n  : 1\n', /:2: The alias \*own must not stand within/],
    [
      'aliases of aliases that grow ninefold with each line',
      bomb,
      /:4: Aliases must not stand for more than 2000 values/,
    ],
    [
      'aliases without number',
      manyAliases(maxAliasedNodes + 1),
      /:2: Aliases must not stand for more than 2000 values/,
    ],
    ['no mapping at all', '- web\n', /:1: A configuration is a mapping/],
    [
      'no kind of route',
      'routes:\n  web: { proxy: /web }\n',
      /:2: `routes.web` must be a route with exactly one of url, exec and of/,
    ],
    ['two kinds of route', 'routes:\n  web: { url: "tcp://a:1", exec: [ls] }\n', /:2: .*exactly one/],
    [
      'a route that is unknown',
      'routes:\n  web:\n    url: tcp://a:1\n    dependsOn:\n      - db\n',
      /:5: `routes.web.dependsOn.0` must be the name of a route, not "db"/,
    ],
    [
      'a destination that is unknown',
      'routes:\n  web: { url: "tcp://a:1", notify: [ops] }\n',
      /must be the name of a destination under alerts, not "ops"/,
    ],
    [
      'a circle',
      'routes:\n  a: { of: [b] }\n  b: { url: "tcp://b:1", dependsOn: [a] }\n',
      /:2: `routes.a.of` must be free of circles \(a → b → a\)/,
    ],
    [
      'two proxies at one path',
      'routes:\n  a: { url: "http://a", proxy: /x }\n  b: { url: "http://b", proxy: /x }\n',
      /:3: `routes.b.proxy` must be a path that route a does not answer/,
    ],
    [
      'a proxy at a path of the gateway',
      'routes:\n  a: { url: "http://a", proxy: /livez }\n',
      /the gateway itself does not answer/,
    ],
    [
      'a variable that is not set',
      `routes:\n  a: { url: "tcp://${variable('HOST')}:1" }\n`,
      /:2: `routes.a.url` must be .*\(HOST is not\), not "tcp:\/\/\$\{HOST\}:1"/,
    ],
  ])('a configuration is refused for %s', (_, text, reason) => {
    expect(refusal(text)).toMatch(reason);
  });

  it.each([
    [
      'a monitor’s option of a route',
      'routes:\n  a:\n    url: tcp://a:1\n    jitter: 7\n',
      /:4: `routes.a.jitter` must be a number from 0 to 1, not 7/,
    ],
    [
      'a monitor’s option of all',
      'defaults:\n  timeoutMs: -1\nroutes:\n  a: { url: "tcp://a:1" }\n',
      /:2: `defaults.timeoutMs` must be a positive number of milliseconds.*not -1/,
    ],
    [
      'a scheme that nobody knows',
      'routes:\n  a:\n    url: gopher://a\n',
      /:3: `routes.a.url` must be a URL with the scheme tcp: or/,
    ],
    [
      'an option of a probe',
      'routes:\n  a:\n    url: http://a\n    with:\n      method: 3\n',
      /:5: `routes.a.with.method` must be .*, not 3/,
    ],
    [
      'an option a probe does not know',
      'routes:\n  a: { url: "http://a", with: { methd: GET } }\n',
      /`routes.a.with.methd` must be left out: it is an unknown option; did you mean `method`\?/,
    ],
    [
      'a fallback',
      'routes:\n  a: { url: "docker://a", fallback: nowhere }\n',
      /`routes.a.fallback` must be .*, not "nowhere"/,
    ],
    [
      'a need that no number of members meets',
      'routes:\n  a: { url: "tcp://a:1" }\n  b:\n    of: [a]\n    need: 2\n',
      /:5: `routes.b.need` must be at most the number of members \(1\), not 2/,
    ],
  ])('a configuration is held against the rules of core and probes: %s', (_, text, reason) => {
    expect(refusal(text)).toMatch(reason);
  });

  it('takes secrets from the environment, and never shows one', () => {
    const text = `
routes:
  a: { url: "https://u:hunter2@a/", jitter: 7, with: { headers: { cookie: 5 } } }
  b: { url: "htps://u:hunter2@b/" }
alerts:
  hook: { kind: webhook, url: "ftp://hunter2", headers: { authorization: 5 } }
  team: { kind: slack, url: "hunter2" }
  desk: { kind: gotify, url: "http://g", token: [hunter2] }
  phone: { kind: ntfy, topic: [hunter2] }
`;
    expect(refusal(text)).not.toContain('hunter2');
    expect(refusal('alerts:\n  desk: { token: hunter2, url: ["http://g"\n')).not.toContain('hunter2');
    expect(refusal('routes:\n  b: { url: "htps://u:hunter2@b/" }\n')).toContain('not "htps://***@b/"');
    const good = `routes: {}\nalerts:\n  desk: { kind: gotify, url: "http://g", token: "${variable('TOKEN')}", retry: { attempts: 0 } }\n`;
    expect(refusal(good, { TOKEN: 'hunter2' })).not.toContain('hunter2');
    const { config } = readConfig(file, good.replace('attempts: 0', 'attempts: 1'), { TOKEN: 'hunter2' });
    expect(config.alerts['desk']).toMatchObject({ token: 'hunter2' });
    expect(
      readConfig(file, `routes:\n  a: { exec: [echo, "$${variable('HOME')}"] }\n`).config.routes['a']?.exec,
    ).toEqual(['echo', variable('HOME')]);
  });

  it('a reload may not change where the program listens', () => {
    const before = checkConfig(file, 'routes: {}\nlisten: { port: 1 }\n', {});
    expect(() => checkConfig(file, 'routes: {}\nlisten: { port: 2 }\n', {}, before)).toThrow(
      'gateway.yaml:2: `listen.port` must be 1, as when the program started; restart it to change this, not 2',
    );
  });

  it('gives a route its own option before the common one, and that before the constant (INV-74)', () => {
    const text = 'defaults: { intervalMs: 7000, alertAfter: 2 }\nroutes:\n  a: { url: "tcp://a:1", intervalMs: 900 }\n';
    const [watch] = checkConfig(file, text, {}).watches;
    expect(watch?.options).toMatchObject({ intervalMs: 900, alertAfter: 2, timeoutMs: 2_000 });
  });
});

describe('the probe of a route', () => {
  it.each([
    ['tcp://a:1', 'tcp://a:1'],
    ['transfer://a:1', 'transfer://a:1'],
    ['udp://a:1', 'udp://a:1'],
    ['tls://a', 'tls://a:443'],
    ['unix:///run/a.sock', 'unix:///run/a.sock'],
    ['http://a/x', 'http://a/x'],
    ['https://u:hunter2@a/x', 'https://a/x'],
    ['h2c://a:1/', 'h2c://a:1/'],
    ['h2://a/', 'h2://a/'],
    ['ws://a/', 'ws://a/'],
    ['wss://a/', 'wss://a/'],
    ['grpc://a:1/orders.v1.Orders', 'grpc://a:1/orders.v1.Orders'],
    ['grpcs://a:1', 'grpc://a:1/'],
    ['dns://192.0.2.53/example.org?type=MX', 'dns:example.org/MX'],
    ['file:///a', 'file:///a'],
    ['fileserver:///a', 'fileserver:///a'],
    ['docker://a', 'docker://a'],
  ])('the probe of a route to %s is called %s', (url, name) => {
    expect(routeProbe({ url }).name).toBe(name);
  });

  it.each([
    ['http://a/', { method: 'POST' }],
    ['https://a/', { certificateWarnDays: 14 }],
    ['ws://a/', { expect: 'hello' }],
    ['tls://a', { warnDays: 14 }],
    ['docker://a', { engine: 'tcp://b:2375' }],
    ['dns://192.0.2.53/example.org', { type: 'MX' }],
    ['file:///a', { minBytes: 1 }],
    ['grpc://a:1', { service: 's' }],
  ])('the probe of a route to %s takes the options of its scheme, and no others', (url, given) => {
    expect(() => routeProbe({ url, with: given })).not.toThrow();
    expect(() => routeProbe({ url, with: { ...given, nonsense: 1 } })).toThrow(/^Unknown option `\w+\.nonsense`/);
  });

  it('the probe of a route may run a program, ask through an agent and have a fallback', () => {
    expect(routeProbe({ exec: ['ls', '/'] }).name).toBe('exec:ls');
    expect(routeProbe({ url: 'tcp://a:1', via: { agent: 'http://b/' } }).name).toBe('tcp://a:1 by b');
    expect(routeProbe({ url: 'docker://a', fallback: 'tcp://a:1' }).name).toContain('docker://a');
  });

  it('the probe of a route whose scheme takes nothing but a URL takes no options', () => {
    expect(() => routeProbe({ url: 'tcp://a:1', with: { family: 4 } })).toThrow(/`with` to be left out where the url/);
  });
});
