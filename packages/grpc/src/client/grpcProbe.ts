import { defineProbe, type Probe, type Verdict } from '@watchkeeper/core';
import { type Rules, resolveOptions } from '@watchkeeper/core/options';
import { GrpcChannel } from './grpcChannel.ts';
import { type GrpcTarget, hostOfTarget, targetDefaults, targetRules } from './grpcTarget.ts';
import { verdictOfAbort, verdictOfFailure, verdictOfStatus } from './grpcVerdict.ts';

const rules: Rules<GrpcTarget> = targetRules;

/**
 * Asks a gRPC server by grpc.health.v1 Check, over a connection of its own that ends with the answer.
 *
 * SERVING passes; any other status, an unknown service and an unreachable server fail; a server without a health
 * service passes with a warning. An abort fails with what was under way (INV-49). A name that cannot be resolved breaks the check, as nothing is then known of
 * the target (INV-69).
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { grpcProbe } from '@watchkeeper/grpc/client';
 *
 * export const orders = grpcProbe({ target: 'orders.internal:50051', service: 'orders.v1.Orders', tls: {} });
 * ```
 */
export function grpcProbe(given: GrpcTarget): Probe {
  const to = resolveOptions<Required<GrpcTarget>>(
    'grpcProbe',
    rules,
    { ...targetDefaults, target: '' },
    given === undefined ? {} : given,
  );
  const ask = async (signal: AbortSignal): Promise<Verdict> => {
    if (signal.aborted) return verdictOfAbort(signal, 'starting');
    const startedAt = performance.now();
    const latencyMs = () => performance.now() - startedAt;
    const channel = new GrpcChannel(to);
    try {
      const answer = await channel.check(to.service, to.timeoutMs, signal);
      if (signal.aborted) {
        const doing = channel.isConnected ? 'waiting for the answer' : 'connecting';
        return { ...verdictOfAbort(signal, doing), latencyMs: latencyMs() };
      }
      if ('status' in answer) return { ...verdictOfStatus(answer.status), latencyMs: latencyMs() };
      const { details } = answer.failure;
      if (details.startsWith('Name resolution failed')) throw new Error(details);
      return verdictOfFailure(answer.failure);
    } finally {
      channel.close();
    }
  };
  return defineProbe(`grpc://${to.target}/${to.service}`, ask, { host: hostOfTarget(to.target) });
}
