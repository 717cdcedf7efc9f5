import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics, metricsRoute } from '../src/index.ts';
import { createRecordedSupervisor } from './support/recordedSupervisor.ts';

const server = createServer(metricsRoute(createMetrics(createRecordedSupervisor().keeper, { eventLoopSampleMs: 0 })));
const get = (path: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const plain = 'text/plain; version=0.0.4; charset=utf-8';
const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('the metrics route', () => {
  it.each([
    ['nothing', undefined, plain],
    [
      'what Prometheus sends',
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
      openMetrics,
    ],
    ['plain text only', 'text/plain', plain],
    ['OpenMetrics only', 'application/openmetrics-text', openMetrics],
    ['plain text rather', 'application/openmetrics-text;q=0.2, text/plain;q=0.9', plain],
    ['anything but OpenMetrics', '*/*, application/openmetrics-text;q=0', plain],
  ])('answers a client that asks for %s in its format', async (_, accept, contentType) => {
    const response = await get('/metrics?x=1', accept === undefined ? {} : { headers: { accept } });
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(response.headers.get('vary')).toBe('Accept');
    const body = await response.text();
    expect(body).toContain('watchkeeper_info{name="watchkeeper"} 1\n');
    expect(body.endsWith('# EOF\n')).toBe(contentType === openMetrics);
  });

  it('answers HEAD without a body, other methods with 405 and other paths with 404', async () => {
    const head = await get('/metrics', { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length')) > 0, await head.text()]).toEqual([200, true, '']);
    const posted = await get('/metrics', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get('/metrics/')).status).toBe(404);
  });

  it('passes what is not its own on, where there is somebody to pass it to', () => {
    const route = metricsRoute({ families: () => [] });
    let passed = 0;
    const response = { writeHead: () => {}, end: () => {} };
    expect(route({ method: 'GET', url: '/', headers: {} }, response, () => passed++)).toBe(false);
    expect(passed).toBe(1);
  });

  it('refuses a path that is none', () => {
    expect(() => metricsRoute({ families: () => [] }, 'metrics')).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'metricsRoute.path' }),
    );
  });
});
