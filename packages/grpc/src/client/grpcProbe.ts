import { defineProbe, type Probe, UndecidedError, type Verdict, WatchkeeperError } from '@watchkeeper/core';
import { heldUpBy, messageOf } from '@watchkeeper/core/adapters';
import { type Rules, resolveOptions } from '@watchkeeper/core/options';
import { GrpcChannel } from './grpcChannel.ts';
import { type GrpcTarget, hostOfTarget, refuseEgressByProxy, targetDefaults, targetRules } from './grpcTarget.ts';
import { verdictOfAbort, verdictOfFailure, verdictOfStatus } from './grpcVerdict.ts';
import { type AddressOptions, addressesOf, hostsOf, type ServerAddress } from './targetAddresses.ts';

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
  refuseEgressByProxy('grpcProbe', to);
  const hosts = to.proxy === undefined ? hostsOf(to.target) : undefined;
  const ask = async (signal: AbortSignal): Promise<Verdict> => {
    if (signal.aborted) return verdictOfAbort(signal, 'starting');
    const startedAt = performance.now();
    const latencyMs = () => performance.now() - startedAt;
    const found = hosts && (await resolved(hosts, to, signal));
    if (found && 'status' in found) return { ...found, latencyMs: latencyMs() };
    const channel = new GrpcChannel(to, found && (async () => found.addresses));
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

/** Finds the addresses of a server, before a connection is made: an abort and a denied address are then told apart. */
async function resolved(
  hosts: readonly ServerAddress[],
  to: AddressOptions & Pick<GrpcTarget, 'target'>,
  signal: AbortSignal,
): Promise<Verdict | { readonly addresses: readonly ServerAddress[] }> {
  try {
    return { addresses: await orAbort(addressesOf(hosts, to, signal), signal) };
  } catch (error) {
    if (error instanceof WatchkeeperError) throw error;
    const heldUp = heldUpBy(signal);
    if (signal.aborted && heldUp !== undefined) throw new UndecidedError(heldUp);
    if (signal.aborted) return verdictOfAbort(signal, 'resolving the name');
    throw new Error(`Name resolution failed for target ${to.target}: ${messageOf(error)}`, { cause: error });
  }
}

/** Settles as `work` does, or rejects when `signal` aborts first: a resolver of the user's may heed no signal. */
function orAbort<TResult>(work: Promise<TResult>, signal: AbortSignal): Promise<TResult> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
