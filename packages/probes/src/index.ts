export {
  type AgentEndpoint,
  type AgentEndpointOptions,
  type AgentProbeOptions,
  agentEndpoint,
  agentProbe,
} from './agent.ts';
export { type AgentCheckProbeOptions, agentCheckProbe } from './agentCheck.ts';
export { CheckBrokenError, EgressDeniedError } from './check/errors.ts';
export {
  type DnsProbeOptions,
  type DnsRecordType,
  type DnsResolverOptions,
  dnsProbe,
  dnsResolver,
} from './dns.ts';
export { type DockerProbeOptions, dockerProbe } from './docker.ts';
export { type EgressOptions, type EgressPolicy, egressPolicy, internalRanges } from './egress.ts';
export { type ExecProbeOptions, execProbe } from './exec.ts';
export { type FallbackOptions, withFallback } from './fallback.ts';
export { type FileProbeOptions, fileProbe } from './file.ts';
export { type FileserverProbeOptions, fileserverProbe } from './fileserver.ts';
export { type FromUrlOptions, fromUrl, type ProbeMaker } from './fromUrl.ts';
export { type H2cProbeOptions, type H2ProbeOptions, h2cProbe, h2Probe } from './h2.ts';
export type { HttpExpectations } from './http/httpExpectations.ts';
export type { JsonExpectation } from './http/jsonPath.ts';
export type { WebOptions, WebRequestOptions } from './http/webOptions.ts';
export { type HttpProbeOptions, httpProbe } from './http.ts';
export {
  type EjectionCap,
  type EjectionCapOptions,
  ejectionCap,
  type PassiveProbe,
  type PassiveProbeOptions,
  passiveProbe,
} from './passive.ts';
export { type Limits, type ProcessProbeOptions, type ProcessReadings, processProbe } from './process.ts';
export { type PushProbe, type PushProbeOptions, pushProbe } from './push.ts';
export type { AddressResolver, NetworkOptions, ResolveOptions } from './socket/network.ts';
export type { ScriptOptions, ScriptStep } from './socket/script.ts';
export type { TlsOptions, TlsVersion } from './socket/tlsHandshake.ts';
export { type TcpProbeOptions, tcpProbe } from './tcp.ts';
export { type TlsProbeOptions, tlsProbe } from './tls.ts';
export { type StartTlsProtocol, type TransferProbeOptions, transferProbe } from './transfer.ts';
export { type UdpProbeOptions, udpProbe } from './udp.ts';
export { type UnixProbeOptions, unixProbe } from './unix.ts';
export { type WebsocketProbeOptions, websocketProbe } from './websocket.ts';
