export { type EgressOptions, type EgressPolicy, egressPolicy, internalRanges } from './egress.ts';
export { CheckBrokenError, EgressDeniedError } from './errors.ts';
export { type HttpProbeOptions, httpProbe } from './http.ts';
export type { HttpExpectations } from './http-expectations.ts';
export type { JsonExpectation } from './json-path.ts';
export type { TlsOptions } from './secure.ts';
export { type TcpProbeOptions, tcpProbe } from './tcp.ts';
