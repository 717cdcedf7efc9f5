import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';

/** Status of one service in grpc.health.v1. `SERVICE_UNKNOWN` is sent on Watch only. */
export type ServingStatus = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

/** Request of Check and Watch: the name of a service; `''` is the whole program. */
export type HealthCheckRequest = { readonly service: string };
export type HealthCheckResponse = { readonly status: ServingStatus };
export type HealthListRequest = Readonly<Record<never, never>>;
export type HealthListResponse = { readonly statuses: Readonly<Record<string, HealthCheckResponse>> };

/** Path and serializers of one method, in the shape `@grpc/grpc-js` takes. */
export type MethodDefinition<TRequest, TResponse> = {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly originalName?: string;
  requestSerialize(request: TRequest): Buffer;
  requestDeserialize(bytes: Buffer): TRequest;
  responseSerialize(response: TResponse): Buffer;
  responseDeserialize(bytes: Buffer): TResponse;
};

/** The service grpc.health.v1.Health, for servers and clients of `@grpc/grpc-js`. */
export type HealthDefinition = {
  readonly Check: MethodDefinition<HealthCheckRequest, HealthCheckResponse>;
  readonly Watch: MethodDefinition<HealthCheckRequest, HealthCheckResponse>;
  readonly List: MethodDefinition<HealthListRequest, HealthListResponse>;
};

const proto = new URL('../../proto/grpc/health/v1/health.proto', import.meta.url);

// The types above say what the file says; the tests hold both to the proto that gRPC publishes.
const loaded: unknown = loadSync(fileURLToPath(proto), { keepCase: true, enums: String, defaults: true })[
  'grpc.health.v1.Health'
];

const { Check, Watch, List } = loaded as HealthDefinition;

const statuses: readonly ServingStatus[] = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** Every possible response, encoded once: a change of health sends the same two bytes to thousands. */
const encoded = new Map(statuses.map((status) => [status, Check.responseSerialize({ status })]));

const responseSerialize = (response: HealthCheckResponse): Buffer =>
  encoded.get(response.status) ?? Check.responseSerialize(response);

/** The definition of grpc.health.v1.Health. */
export const healthDefinition: HealthDefinition = {
  Check: { ...Check, responseSerialize },
  Watch: { ...Watch, responseSerialize },
  List,
};
