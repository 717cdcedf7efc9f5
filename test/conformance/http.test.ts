import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createSupervisor } from '@watchkeeper/core';
import { drainHttpServer, healthRoutes } from '@watchkeeper/http';
import { createMetrics, openMetricsText, prometheusText } from '@watchkeeper/telemetry';
import { scriptedProbe } from '@watchkeeper/testing';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { healthJson } from './rows/healthJson.ts';
import { http2Goaway } from './rows/http2Goaway.ts';
import { metricsText } from './rows/metricsText.ts';

const once1 = { intervalMs: 600_000, failureThreshold: 1, successThreshold: 1 };

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe(healthJson.title, () => {
  it.each(healthJson.rows)('$rule ($source)', async ({ input: { verdict, phase, path }, expected }) => {
    const keeper = createSupervisor();
    const monitor = keeper.monitor('api', scriptedProbe(verdict), once1);
    keeper.start();
    onTestFinished(async () => void (await keeper.stop()));
    await until(() => monitor.health === { '+': 'healthy', '~': 'degraded', '-': 'unhealthy' }[verdict]);
    if (phase === 'draining') void keeper.drain({ noticeMs: 60_000, deadlineMs: 90_000 });
    let head: [number, Readonly<Record<string, string>>] | undefined;
    let body = '';
    const response = {
      writeHead: (code: number, headers: Readonly<Record<string, string>>) => {
        head = [code, headers];
      },
      write: () => true,
      end: (text = '') => {
        body = text;
      },
      destroy: () => {},
      on: () => {},
    };
    healthRoutes(keeper)({ method: 'GET', url: path, headers: {} }, response);
    const [code, headers] = head ?? [0, {}];
    expect({ code, status: JSON.parse(body).status }).toEqual(expected);
    expect(headers['Content-Type']).toMatch(/^application\/health\+json/);
  });
});

describe(http2Goaway.title, () => {
  it.each(http2Goaway.rows)('$rule ($source)', async ({ input: { open }, expected }) => {
    const keeper = createSupervisor();
    const answers: (() => void)[] = [];
    const server = createServer((_request, response) => {
      answers.push(() => response.end('ok'));
    });
    drainHttpServer(server, keeper);
    keeper.start();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => session.destroy());
    const codes = new Set<number>();
    let lastStream = -1;
    session.on('goaway', (code, last) => {
      codes.add(code);
      lastStream = last;
    });
    await once(session, 'remoteSettings');
    let answered = 0;
    for (let at = 0; at < open; at++) {
      const request = session.request({ ':path': '/' });
      request.on('error', () => {});
      request.on('response', (headers) => {
        answered += headers[':status'] === 200 ? 1 : 0;
      });
      request.resume();
    }
    await until(() => answers.length === open);
    const closed = once(session, 'close');
    const drained = keeper.drain();
    if (open > 0) await once(session, 'goaway');
    for (const answer of answers) answer();
    await closed;
    await drained;
    expect({ codes: [...codes], lastStream, answered }).toEqual(expected);
  });
});

describe(metricsText.title, () => {
  it.each(metricsText.rows)('$rule ($source)', async (row) => {
    const keeper = createSupervisor();
    const monitor = keeper.monitor(row.input, scriptedProbe('+'), once1);
    keeper.start();
    await until(() => monitor.health === 'healthy');
    const metrics = createMetrics(keeper);
    onTestFinished(async () => {
      metrics.close();
      await keeper.stop();
    });
    for (const textOf of [prometheusText, openMetricsText]) {
      const line = textOf(metrics.families())
        .body.split('\n')
        .find((each) => each.startsWith('probe_success{'));
      expect(line).toContain(row.expected);
    }
    const families = parsePrometheusTextFormat(prometheusText(metrics.families()).body);
    const [sample] = families.find(({ name }) => name === 'probe_success')?.metrics ?? [];
    expectAgreement({ ...row, expected: row.input }, 'parse-prometheus-text-format', sample?.labels?.['monitor']);
  });
});
