import { InvalidOptionError, type Probe } from '@watchkeeper/core';
import { grpcProbe } from './grpcProbe.ts';
import type { TlsOptions } from './grpcTarget.ts';

/** Options that `fromUrl` passes to a maker. */
type MakerOptions = { readonly egress?: unknown };

const makerOf =
  (tls: TlsOptions | undefined) =>
  (url: URL, { egress }: MakerOptions = {}): Probe => {
    // gRPC resolves names by itself: a policy that it cannot hold to must not be taken for one that it does.
    if (egress !== undefined) {
      throw new InvalidOptionError(
        'fromUrl.egress',
        `left out for ${url.protocol} URLs, which cannot be guarded`,
        egress,
      );
    }
    return grpcProbe({ target: url.host, service: decodeURIComponent(url.pathname.slice(1)), tls });
  };

/**
 * Lets `fromUrl` of `@watchkeeper/probes` make gRPC probes: `grpc://orders:50051/orders.v1.Orders` over a plain
 * connection, `grpcs://` over TLS with the system's roots. Without a path, the whole server is asked for.
 *
 * @throws `InvalidOptionError` from a maker that is given an egress policy, and for a URL without a host.
 * @example
 * ```ts
 * import { fromUrl } from '@watchkeeper/probes';
 * import { grpcMakers } from '@watchkeeper/grpc/client';
 *
 * export const orders = fromUrl('grpc://orders.internal:50051/orders.v1.Orders', { makers: grpcMakers });
 * ```
 */
export const grpcMakers = { grpc: makerOf(undefined), grpcs: makerOf({}) } as const;
