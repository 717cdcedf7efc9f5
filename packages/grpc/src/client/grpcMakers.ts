import { InvalidOptionError, type Probe } from '@watchkeeper/core';
import type { AddressResolver } from '@watchkeeper/core/adapters';
import { grpcProbe } from './grpcProbe.ts';
import type { GrpcTarget, TlsOptions } from './grpcTarget.ts';

/** Options that `fromUrl` passes to a maker. */
type MakerOptions = Pick<GrpcTarget, 'egress'> & { readonly resolver?: 'system' | 'dns' | AddressResolver };

const makerOf =
  (tls: TlsOptions | undefined) =>
  (url: URL, { egress, resolver }: MakerOptions = {}): Probe => {
    if (resolver === 'dns') {
      const rule = `"system" or a function for ${url.protocol} URLs, such as dnsResolver() makes`;
      throw new InvalidOptionError('fromUrl.resolver', rule, resolver);
    }
    const service = decodeURIComponent(url.pathname.slice(1));
    return grpcProbe({ target: url.host, service, tls, egress, ...(resolver === undefined ? {} : { resolver }) });
  };

/**
 * Lets `fromUrl` of `@watchkeeper/probes` make gRPC probes: `grpc://orders:50051/orders.v1.Orders` over a plain
 * connection, `grpcs://` over TLS with the system's roots. Without a path, the whole server is asked for.
 *
 * An egress policy and a resolver are passed on.
 *
 * @throws `InvalidOptionError` for a URL without a host, and for the resolver `dns`, which is no function.
 * @example
 * ```ts
 * import { fromUrl } from '@watchkeeper/probes';
 * import { grpcMakers } from '@watchkeeper/grpc/client';
 *
 * export const orders = fromUrl('grpc://orders.internal:50051/orders.v1.Orders', { makers: grpcMakers });
 * ```
 */
export const grpcMakers = { grpc: makerOf(undefined), grpcs: makerOf({}) } as const;
