import { fileURLToPath } from 'node:url';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export type Code = 'OK' | 'UNHEALTHY' | 'GOAWAY';

/** Message of the server. */
export type Status = {
  readonly uuid: string;
  readonly code: Code;
  readonly time_ms: number;
  readonly cpu_availability: number;
  readonly memory_availability: number;
};

/** Message of a client. */
export type ClientMessage = { readonly query?: { readonly uuid: string }; readonly status?: Status };

const proto = fileURLToPath(new URL('../proto/healthz.proto', import.meta.url));
const loaded: unknown = loadSync(proto, { keepCase: true, enums: String, defaults: true, oneofs: true })[
  'watchkeeper.example.v1.Healthz'
];

/** The service Healthz, for servers and clients of `@grpc/grpc-js`. */
export const healthzDefinition = loaded as ServiceDefinition<UntypedServiceImplementation>;
