import { type Clock, type DrainOptions, type DrainReport, type Supervisor, systemClock } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import { objectWith, optional, positiveMs, type Rules, requireOption, resolveOptions } from '@watchkeeper/core/options';

/** The part of a gRPC server that ends it. */
export type DrainableServer = {
  tryShutdown(done: (error?: Error) => void): void;
  forceShutdown(): void;
};

/** Options of {@link drainServer}. */
export interface DrainServerOptions {
  /**
   * Options of the supervisor's drain, which comes before the server's.
   * @default those of the supervisor
   */
  readonly drain?: DrainOptions | undefined;
  /**
   * How long the calls that are not the supervisor's may take to finish, once it has drained, in milliseconds.
   * @default 5000
   */
  readonly shutdownMs?: number;
  /**
   * Where time comes from.
   * @default the system's clock
   */
  readonly clock?: Clock;
}

/** The report of the supervisor's drain, and whether the server then closed by itself or was forced. */
export type ServerDrainReport = DrainReport & { readonly server: 'closed' | 'forced' };

const defaults = { drain: undefined, shutdownMs: 5_000 };

const rules: Rules<DrainServerOptions> = {
  drain: optional({
    is: 'an object of drain options',
    accepts: (value): value is DrainOptions => value instanceof Object,
  }),
  shutdownMs: positiveMs,
  clock: clockRule,
};

/**
 * Ends a gRPC server in order, and always: the supervisor drains, which ends its Watch streams, while the server
 * still serves; then the server takes no more and finishes its calls; what is left at the deadline is cut.
 *
 * `tryShutdown` alone waits for ever for one stream that stays open, and answers late even when forced.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { Server } from '@grpc/grpc-js';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { drainServer } from '@watchkeeper/grpc';
 *
 * const keeper = createSupervisor();
 * const server = new Server();
 * process.once('SIGTERM', async () => {
 *   const report = await drainServer(server, keeper, { drain: { noticeMs: 2_000 }, shutdownMs: 5_000 });
 *   console.log(report.server, report.sessions);
 * });
 * ```
 */
export async function drainServer(
  server: DrainableServer,
  keeper: Pick<Supervisor, 'drain'>,
  given?: DrainServerOptions,
): Promise<ServerDrainReport> {
  requireOption('drainServer.server', objectWith<DrainableServer>('tryShutdown', 'forceShutdown'), server);
  requireOption('drainServer.keeper', objectWith<Supervisor>('drain'), keeper);
  const { drain, shutdownMs, clock } = resolveOptions<Required<DrainServerOptions>>(
    'drainServer',
    rules,
    { ...defaults, clock: systemClock() },
    given,
  );
  const report = await keeper.drain(drain);
  const end = await new Promise<ServerDrainReport['server']>((resolve) => {
    const deadline = clock.setTimeout(() => {
      server.forceShutdown();
      resolve('forced');
    }, shutdownMs);
    server.tryShutdown(() => {
      clock.clearTimeout(deadline);
      resolve('closed');
    });
  });
  return { ...report, server: end };
}
