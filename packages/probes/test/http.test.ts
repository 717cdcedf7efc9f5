import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';
import { type HttpProbeOptions, httpProbe } from '../src/http.ts';
import { listen, misbehaviours, refusedPort, type Served, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

type Rest = Omit<HttpProbeOptions, 'url'>;

const site = (listener: RequestListener): Promise<Served> => listen(createServer(listener));
const answering = (status: number, body = ''): Promise<Served> =>
  site((_request, response) => response.writeHead(status).end(body));
const ask = ({ port }: Served, rest: Rest = {}, signal = deadline()) =>
  httpProbe({ url: `http://127.0.0.1:${port}/health`, ...rest })(signal);

describe('httpProbe, statuses', () => {
  it.each([
    [200, 'pass', 'pass'],
    [204, 'pass', 'pass'],
    [302, 'pass', 'pass'],
    [404, 'pass', 'fail'],
    [499, 'pass', 'fail'],
    [500, 'fail', 'fail'],
    [503, 'fail', 'fail'],
    [599, 'fail', 'fail'],
  ])(
    'judges %i as %s under the godoxy preset (INV-69) and %s by default, as Kubernetes',
    async (code, godoxy, kubernetes) => {
      const served = await answering(code);
      expect(await ask(served, { preset: 'godoxy' })).toMatchObject({ status: godoxy, measured: { statusCode: code } });
      expect(await ask(served)).toMatchObject({ status: kubernetes, measured: { statusCode: code } });
      expect(await ask(served, { preset: 'kubernetes' })).toMatchObject({ status: kubernetes });
    },
  );

  it('says the status in words', async () => {
    expect(await ask(await answering(503))).toMatchObject({ detail: '503 Service Unavailable' });
  });

  it('takes explicit statuses and ranges instead of the preset', async () => {
    const served = await answering(503);
    expect(await ask(served, { acceptStatuses: [200, [500, 503]] })).toMatchObject({ status: 'pass' });
    expect(await ask(served, { acceptStatuses: [200] })).toMatchObject({ status: 'fail' });
  });

  it('does not follow redirects', async () => {
    const asked: string[] = [];
    const served = await site((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(301, { location: '/elsewhere' }).end();
    });
    expect(await ask(served)).toMatchObject({ status: 'pass' });
    expect(asked).toEqual(['/health']);
  });

  it('skips informational answers', async () => {
    const served = await site((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(500).end();
    });
    expect(await ask(served)).toMatchObject({ status: 'fail', measured: { statusCode: 500 } });
  });
});

describe('httpProbe, the question', () => {
  it('asks GET by default, HEAD under the godoxy preset where no rule needs a body (INV-69)', async () => {
    const methods: (string | undefined)[] = [];
    const served = await site((request, response) => {
      methods.push(request.method);
      response.end('ok');
    });
    await ask(served);
    await ask(served, { preset: 'godoxy' });
    await ask(served, { preset: 'godoxy', bodyContains: 'ok' });
    await ask(served, { preset: 'godoxy', minBytesPerSecond: 1 });
    await ask(served, { method: 'OPTIONS' });
    expect(methods).toEqual(['GET', 'HEAD', 'GET', 'GET', 'OPTIONS']);
  });

  it('sends its headers, the given ones over them, the credentials of the URL and the body', async () => {
    const served = await site((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.end(JSON.stringify({ headers: request.headers, url: request.url, body })));
    });
    const verdict = await httpProbe({
      url: `http://us%40er:pass%3Aword@127.0.0.1:${served.port}/a?b=c`,
      method: 'POST',
      headers: { 'User-Agent': 'mine', 'x-one': '1' },
      body: 'question',
      bodyJson: {
        url: '/a?b=c',
        body: 'question',
        'headers.user-agent': 'mine',
        'headers.x-one': '1',
        'headers.accept-encoding': 'identity',
        'headers.authorization': `Basic ${Buffer.from('us@er:pass:word').toString('base64')}`,
      },
    })(deadline());
    expect(verdict).toMatchObject({ status: 'pass' });
  });
});

describe('httpProbe, rules', () => {
  const body = JSON.stringify({ status: 'ok', checks: [{ state: 'up' }], queue: 12, spare: null });

  it.each<[Rest, string]>([
    [{ bodyContains: 'absent' }, 'body does not contain "absent"'],
    [{ bodyMatches: /absent/ }, 'body does not match /absent/'],
    [{ bodyJson: { status: 'down' } }, 'expected status to be "down", got "ok"'],
    [{ bodyJson: { 'checks[1].state': 'up' } }, 'expected checks[1].state to be "up", got nothing'],
    [{ bodyJson: { queue: { max: 10 } } }, 'expected queue to be from -∞ to 10, got 12'],
    [{ bodyJson: { 'constructor.name': 'Object' } }, 'expected constructor.name to be "Object", got nothing'],
    [{ acceptHeaders: { 'x-missing': 'a' } }, 'header x-missing is missing'],
    [{ acceptHeaders: { 'x-kind': 'b' } }, 'header x-kind is not as expected'],
  ])('fails where %o does not hold', async (rules, detail) => {
    const served = await site((_request, response) => response.writeHead(200, { 'x-kind': 'a' }).end(body));
    expect(await ask(served, rules)).toMatchObject({ status: 'fail', detail });
  });

  it('passes where every rule holds, however often a global pattern is used', async () => {
    const served = await site((_request, response) => response.writeHead(200, { 'x-kind': 'a' }).end(body));
    const probe = httpProbe({
      url: `http://127.0.0.1:${served.port}`,
      acceptHeaders: { 'X-Kind': /^a$/g },
      bodyContains: '"ok"',
      bodyMatches: /status/g,
      bodyJson: { '$.checks[0].state': /^u/g, queue: { min: 12, max: 12 }, spare: null },
    });
    for (let round = 0; round < 3; round += 1) expect(await probe(deadline())).toMatchObject({ status: 'pass' });
  });

  it('fails where JSON is asked for and text comes', async () => {
    expect(await ask(await answering(200, '<html>'), { bodyJson: { status: 'ok' } })).toMatchObject({
      status: 'fail',
      detail: 'body is not JSON',
    });
  });

  it('warns about a good answer that came late', async () => {
    const served = await answering(200);
    expect(await ask(served, { slowAfterMs: 0.001 })).toMatchObject({
      status: 'warn',
      byTime: true,
      detail: expect.stringMatching(/^slow: took \d+ ms/),
    });
    expect(await ask(served, { slowAfterMs: 60_000 })).toMatchObject({ status: 'pass' });
  });

  it('reads no more of a body than its limit, and fails only if rules judge it', async () => {
    const served = await serve(misbehaviours.flood('HTTP/1.1 200 OK\r\n\r\n'));
    expect(await ask(served, { method: 'GET', maxBodyBytes: 1_000 })).toMatchObject({
      status: 'pass',
      measured: { bodyBytes: 1_000 },
    });
    expect(await ask(served, { bodyContains: 'y', maxBodyBytes: 1_000 })).toMatchObject({
      status: 'fail',
      detail: 'body is larger than 1000 bytes',
    });
    await until(() => served.open.size === 0);
  });
});

describe('httpProbe, bad targets', () => {
  it('fails when refused, and when the name does not resolve', async () => {
    expect(await httpProbe({ url: `http://127.0.0.1:${await refusedPort()}` })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
    expect(await httpProbe({ url: 'http://nowhere.invalid/' })(deadline())).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('cannot resolve nowhere.invalid'),
    });
  });

  it.each<[string, Parameters<typeof serve>[0], RegExp]>([
    ['closes at once', misbehaviours.hangUp, /^connection (closed|reset)/],
    ['resets at once', misbehaviours.resetAfter(''), /^connection (closed|reset)/],
    ['resets mid-headers', misbehaviours.resetAfter('HTTP/1.1 200 OK\r\nx-a'), /^connection (closed|reset)/],
    [
      'resets mid-body',
      misbehaviours.resetAfter('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
      /^connection (closed|reset)/,
    ],
    ['speaks another protocol', misbehaviours.say('SSH-2.0-OpenSSH_9.6\r\n'), /^not a valid HTTP response/],
    ['sends endless headers', misbehaviours.flood('HTTP/1.1 200 OK\r\nx-a: '), /^response headers are too large/],
  ])('fails when the server %s', async (_title, behave, detail) => {
    const served = await serve(behave);
    expect(await ask(served, { method: 'GET' })).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(detail),
    });
    await until(() => served.open.size === 0);
  });

  it.each<[string, Parameters<typeof serve>[0], string]>([
    ['a black hole', misbehaviours.blackHole, 'timed out while waiting for the response'],
    [
      'a slow drip of headers',
      misbehaviours.drip('HTTP/1.1 200 OK\r\nx: '),
      'timed out while waiting for the response',
    ],
    [
      'a slow drip of body',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        misbehaviours.drip('body')(socket);
      },
      'timed out while reading the body',
    ],
  ])('is cut at the deadline by %s and closes its socket (INV-49)', async (_title, behave, detail) => {
    const served = await serve(behave);
    expect(await ask(served, { method: 'GET' }, deadline(120))).toMatchObject({ status: 'fail', detail });
    await until(() => served.open.size === 0);
  });

  it('asks no address its egress policy denies', async () => {
    const served = await answering(200);
    await expect(ask(served, { egress: egressPolicy({ deny: ['127.0.0.0/8'] }) })).rejects.toMatchObject({
      code: 'EGRESS_DENIED',
    });
    expect(served.accepted()).toBe(0);
  });
});

describe('httpProbe, options', () => {
  it.each([
    [undefined, /no url specified/],
    ['not a url', /an absolute URL/],
    ['ftp://host/', /the scheme http: or https:/],
    ['http://', /no host specified/],
    ['http://host:0/', /no port specified/],
    [7, /a URL or its text/],
  ])('says what is wrong with the URL %o', (url, message) => {
    expect(() => httpProbe({ url: url as string })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        option: 'httpProbe.url',
        message: expect.stringMatching(message),
      }),
    );
  });

  it.each([
    [{ method: 'get it' }, 'httpProbe.method'],
    [{ headers: { 'x-a': 'a\r\nx-b: c' } }, 'httpProbe.headers'],
    [{ acceptStatuses: [] }, 'httpProbe.acceptStatuses'],
    [{ acceptStatuses: [[300, 200]] }, 'httpProbe.acceptStatuses'],
    [{ slowAfterMs: -1 }, 'httpProbe.slowAfterMs'],
    [{ maxBodyBytes: 0 }, 'httpProbe.maxBodyBytes'],
    [{ tls: { verify: false } }, 'httpProbe.tls.verify'],
    [{ tls: { cert: 'no certificate' } }, 'httpProbe.tls'],
    [{ untrusted: 'ignore' }, 'httpProbe.untrusted'],
    [{ colour: 'red' }, 'httpProbe.colour'],
  ])('refuses %o', (options, option) => {
    expect(() => httpProbe({ url: 'http://localhost', ...(options as object) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });

  it('shows no credentials in its name, its errors and its details', async () => {
    const url = 'http://me:hunter2@nowhere.invalid/?token=hunter3';
    const probe = httpProbe({ url, headers: { authorization: 'Bearer hunter4' } });
    expect(probe.name).toBe('http://nowhere.invalid/');
    expect(JSON.stringify(await probe(deadline()))).not.toContain('hunter');
    expect(() => httpProbe({ url: 'gopher://me:hunter2@host/?api_key=hunter3' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter') }),
    );
    expect(() =>
      httpProbe({ url: 'http://host', headers: { authorization: 'Bearer hunter4', 'no name': '' } }),
    ).toThrow(expect.objectContaining({ option: 'httpProbe.headers', received: '(hidden)' }));
    expect(() => httpProbe({ url: 'http://host', password: 'hunter5' } as never)).toThrow(
      expect.objectContaining({ option: 'httpProbe.password', received: '(hidden)' }),
    );
    const echo = await site((_request, response) => response.end(JSON.stringify({ said: 'Bearer hunter4' })));
    const detail = await ask(echo, { headers: { authorization: 'Bearer hunter4' }, bodyJson: { said: 'no' } });
    expect(detail).toMatchObject({ status: 'fail', detail: expect.not.stringContaining('hunter') });
  });
});
