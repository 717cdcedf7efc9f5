import { objectWith, type Rule, requireOption } from '@watchkeeper/core/options';
import type { Metrics } from '../metrics/createMetrics.ts';
import { prefersOpenMetrics } from './contentNegotiation.ts';
import { type Exposition, openMetricsText, prometheusText } from './exposition.ts';

/** The part of a request that the route needs. Those of `node:http`, `node:http2` and Express have it. */
export interface MetricsRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly accept?: string | undefined };
}

/** The part of a response that the route needs. */
export interface MetricsResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(body?: string): unknown;
}

/**
 * Answers a request for metrics; others go to `next`, or get 404 where there is no `next`.
 *
 * @returns whether it answered.
 */
export type MetricsListener = (request: MetricsRequest, response: MetricsResponse, next?: () => void) => boolean;

const pathRule: Rule<string> = {
  is: 'a path that begins with a slash',
  accepts: (value): value is string => typeof value === 'string' && /^\/[^?#\s]*$/.test(value),
};

/**
 * Serves metrics to Prometheus, in whichever of its two formats the client prefers.
 *
 * @param path where, without a query.
 * @throws `InvalidOptionError` when `path` does not begin with a slash.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { createMetrics, metricsRoute } from '@watchkeeper/telemetry';
 *
 * const metrics = metricsRoute(createMetrics(createSupervisor()), '/metrics');
 * createServer((request, response) => {
 *   metrics(request, response, () => response.writeHead(404).end());
 * }).listen(9100);
 * ```
 */
export function metricsRoute(metrics: Pick<Metrics, 'families'>, path = '/metrics'): MetricsListener {
  requireOption('metricsRoute.metrics', objectWith<Metrics>('families'), metrics);
  requireOption('metricsRoute.path', pathRule, path);
  return (request, response, next) => {
    if (request.url?.split('?', 1)[0] !== path) {
      if (next !== undefined) {
        next();
        return false;
      }
      sendText(response, 404, 'Not found');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendText(response, 405, 'Method not allowed', { Allow: 'GET, HEAD' });
    } else {
      const families = metrics.families();
      const wanted = prefersOpenMetrics(request.headers.accept) ? openMetricsText(families) : prometheusText(families);
      send(response, wanted, request.method === 'HEAD');
    }
    return true;
  };
}

function send(response: MetricsResponse, { contentType, body }: Exposition, headOnly: boolean): void {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': String(new TextEncoder().encode(body).length),
    'Cache-Control': 'no-store',
    Vary: 'Accept',
  });
  if (headOnly) response.end();
  else response.end(body);
}

function sendText(
  response: MetricsResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}
