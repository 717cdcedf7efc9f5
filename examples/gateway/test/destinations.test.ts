import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../src/alerts/alert.ts';
import { gotify } from '../src/alerts/gotify.ts';
import { ntfy } from '../src/alerts/ntfy.ts';
import { sendByHttp } from '../src/alerts/send.ts';
import { slack } from '../src/alerts/slack.ts';
import { webhook } from '../src/alerts/webhook.ts';
import { sayDuration } from '../src/alerts/words.ts';

const downAt = Date.UTC(2026, 0, 1, 12);

const down: Alert = {
  target: 'web',
  outage: 'web@1',
  news: 'down',
  at: downAt,
  downAt,
  healthyAt: downAt - 10_000,
  probe: 'http://web/',
  detail: '503 <Unavailable> & more',
  failures: 3,
};
const up: Alert = { ...down, news: 'up', at: downAt + 65_000 };
const both: Alert = { ...up, news: 'both' };
const lines = '503 <Unavailable> & more\nhttp://web/: 3 failed checks in a row, last healthy 2026-01-01T11:59:50Z';

describe('what services are told', () => {
  it('a webhook gets the alert itself, its words, and a key that is the same for every try', () => {
    const { url, headers, body } = webhook({ url: 'https://h/', headers: { authorization: 'x' } }).compose(down);
    expect({ url, headers }).toEqual({
      url: 'https://h/',
      headers: { authorization: 'x', 'idempotency-key': 'web@1:down' },
    });
    expect(body).toEqual({ version: 1, ...down, title: 'web is down', message: lines });
  });

  it('ntfy gets JSON at the root of its server, with the topic inside', () => {
    expect(ntfy({ url: 'https://ntfy.sh/ignored', topic: 't', token: 'tk_1' }).compose(down)).toEqual({
      url: 'https://ntfy.sh/',
      headers: { authorization: 'Bearer tk_1' },
      body: { topic: 't', title: 'web is down', message: lines, priority: 4, tags: ['rotating_light'] },
    });
  });

  it('gotify gets a message with its application’s token in a header', () => {
    expect(gotify({ url: 'https://g/push/', token: 'A1' }).compose(up)).toEqual({
      url: 'https://g/push/message',
      headers: { 'x-gotify-key': 'A1' },
      body: {
        title: 'web is back',
        message: 'down for 1 min 5 s, from 2026-01-01T12:00:00Z to 2026-01-01T12:01:05Z',
        priority: 5,
        extras: { 'client::display': { contentType: 'text/plain' } },
      },
    });
  });

  it('Slack gets text in which nothing is a link, a mention or an entity', () => {
    const { body } = slack({ url: 'https://hooks.slack.com/x' }).compose({ ...both, target: '<!channel>' });
    expect(body).toEqual({
      text: '&lt;!channel&gt; was down and is back',
      attachments: [
        {
          color: 'warning',
          fallback: expect.any(String),
          text: expect.stringMatching(/^down for 1 min 5 s, .*\n503 &lt;Unavailable&gt; &amp; more$/),
        },
      ],
    });
  });

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [42_000, '42 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
    [3_605_000, '1 h'],
  ])('a duration of %d ms is told as %s', (ms, words) => {
    expect(sayDuration(ms)).toBe(words);
  });
});

describe('sending', () => {
  const request = (url: string) => ({ url, headers: { 'x-secret': 'hunter2' }, body: { a: 1 } });

  async function answering(status: number, headers = {}) {
    const server = createServer((_, response) => response.writeHead(status, headers).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hunter2`;
    const sent = await sendByHttp(request(url), new AbortController().signal).catch((cause: unknown) => cause);
    server.closeAllConnections();
    server.close();
    return sent;
  }

  it.each([200, 201, 202, 204])('an answer of %d means that the alert is delivered', async (status) => {
    expect(await answering(status)).toBeUndefined();
  });

  it.each([
    [500, false],
    [503, false],
    [429, false],
    [408, false],
    [400, true],
    [404, true],
    [410, true],
    [302, true],
  ])('an answer of %d means that it is not, and for good: %s', async (status, isFinal) => {
    expect(await answering(status)).toMatchObject({ message: `answered ${status}`, isFinal });
  });

  it('reads from Retry-After how long it shall wait', async () => {
    expect(await answering(429, { 'retry-after': '30' })).toMatchObject({ retryAfterMs: 30_000 });
    expect(await answering(429, { 'retry-after': 'tomorrow' })).toMatchObject({ retryAfterMs: undefined });
  });

  it('says why there was no answer, without the address', async () => {
    const cause = await sendByHttp(request('http://127.0.0.1:1/hunter2'), new AbortController().signal).catch(String);
    expect(cause).toMatch(/^DeliveryError: no answer \(\w+( \w+)?\)$/);
  });
});
