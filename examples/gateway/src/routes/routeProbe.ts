import { InvalidOptionError, type Probe } from '@watchkeeper/core';
import { grpcProbe } from '@watchkeeper/grpc/client';
import { agentProbe } from '@watchkeeper/probes/agent';
import { dnsProbe } from '@watchkeeper/probes/dns';
import { dockerProbe } from '@watchkeeper/probes/docker';
import { execProbe } from '@watchkeeper/probes/exec';
import { withFallback } from '@watchkeeper/probes/fallback';
import { fileProbe } from '@watchkeeper/probes/file';
import { fromUrl, type ProbeMaker } from '@watchkeeper/probes/fromUrl';
import { h2cProbe } from '@watchkeeper/probes/h2';
import { httpProbe } from '@watchkeeper/probes/http';
import { tlsProbe } from '@watchkeeper/probes/tls';
import { websocketProbe } from '@watchkeeper/probes/websocket';
import type { Route } from '../config/schema.ts';

type Given = Readonly<Record<string, unknown>>;

/** gRPC has no health scheme of its own: `grpc://host:port/service`, and `grpcs:` with TLS. */
const grpcMaker =
  (given: Given): ProbeMaker =>
  ({ protocol, host, pathname }) =>
    grpcProbe({ target: host, service: pathname.slice(1), ...(protocol === 'grpcs:' ? { tls: {} } : {}), ...given });

/** Web servers are judged as GoDoxy judges them: HEAD, and everything but a 5xx passes. */
const webMakers = (given: Given): Readonly<Record<string, ProbeMaker>> => ({
  http: (url) => httpProbe({ url, preset: 'godoxy', ...given }),
  https: (url) => httpProbe({ url, preset: 'godoxy', ...given }),
  h2c: (url) => h2cProbe({ url, preset: 'godoxy', ...given }),
});

/** Probes that take more than a URL. The options are theirs to check, and they name the first that is wrong. */
const makersWith = (given: Given): Readonly<Record<string, ProbeMaker>> => ({
  ...webMakers(given),
  ws: (url) => websocketProbe({ url, ...given }),
  wss: (url) => websocketProbe({ url, ...given }),
  docker: ({ host, pathname }) => dockerProbe({ container: host || pathname.slice(1), ...given }),
  file: ({ pathname }) => fileProbe({ path: decodeURIComponent(pathname), ...given }),
  tls: ({ hostname, port }) =>
    tlsProbe({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 443, ...given }),
  dns: ({ host, pathname, searchParams }) => {
    const asked: Given = {
      type: searchParams.get('type') ?? 'A',
      ...(host === '' ? {} : { servers: [host] }),
      ...given,
    };
    return dnsProbe({ name: pathname.slice(1), ...asked });
  },
  grpc: grpcMaker(given),
  grpcs: grpcMaker(given),
});

/**
 * Makes the probe of a route that asks by itself.
 *
 * @throws `InvalidOptionError` for what the probe does not take.
 */
export function routeProbe({ url, exec, via, fallback, with: given = {} }: Omit<Route, 'of'>): Probe {
  if (exec !== undefined) return execProbe({ argv: exec, ...given });
  if (url === undefined) throw new InvalidOptionError('url', 'a URL', url);
  const first =
    via === undefined
      ? urlProbe(url, given)
      : agentProbe({
          agent: via.agent,
          target: url,
          ...(via.token === undefined ? {} : { token: via.token }),
          ...given,
        });
  return fallback === undefined ? first : withFallback(first, fallbackProbe(fallback));
}

function fallbackProbe(url: string): Probe {
  try {
    return urlProbe(url, {});
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    throw new InvalidOptionError('fallback', error.rule, error.received, error);
  }
}

function urlProbe(url: string, given: Given): Probe {
  const { grpc, grpcs, ...others } = makersWith(given);
  const grpcMakers = { ...(grpc && { grpc }), ...(grpcs && { grpcs }) };
  if (Object.keys(given).length === 0) return fromUrl(url, { makers: { ...webMakers({}), ...grpcMakers } });
  const makers = { ...others, ...grpcMakers };
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
  if (Object.hasOwn(makers, scheme)) return fromUrl(url, { makers });
  throw new InvalidOptionError('with', `left out where the url is not one of ${Object.keys(makers).join(', ')}`, given);
}
