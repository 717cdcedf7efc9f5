import { ResourceClosedError } from '../errors.ts';
import { detailOf } from '../model/detail.ts';
import { callable, optional, positiveMs, type Rules, resolveOptions } from '../rules.ts';
import type { RunService } from './runScope.ts';
import { whenAborted } from './whenAborted.ts';

/** A pool, a client or a connection of the program's. */
export interface ResourceOptions<TResource> {
  /** Opens it. What it rejects with is a failed start. */
  readonly open: (signal: AbortSignal) => TResource | Promise<TResource>;
  /** Closes it, once nothing rests on it any more. */
  readonly close: (resource: TResource) => void | Promise<void>;
  /**
   * Looks whether it works: rejects when it does not, and the service is unhealthy until it resolves again.
   * @default never looked at
   */
  readonly check?: ((resource: TResource, signal: AbortSignal) => unknown) | undefined;
  /**
   * How long to wait between two looks, in milliseconds.
   * @default 10000
   */
  readonly checkEveryMs?: number;
}

/** A service that holds a resource open, and gives it out. */
export type ResourceService<TResource> = RunService & {
  /**
   * Returns the resource.
   * @throws {@link ResourceClosedError} while it is not open. A service that depends on this one runs only while it is.
   */
  use(): TResource;
};

const rules: Rules<ResourceOptions<never>> = {
  open: callable<ResourceOptions<never>['open']>(),
  close: callable<ResourceOptions<never>['close']>(),
  check: optional(callable<NonNullable<ResourceOptions<never>['check']>>()),
  checkEveryMs: positiveMs,
};

/**
 * Makes a service of a pool, a client or a connection: open is ready, and it is closed after all that depends on it.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor, resourceService } from '@watchkeeper/core';
 *
 * const keeper = createSupervisor();
 * const pool = resourceService({ open: async () => new Map<string, string>(), close: (map) => map.clear() });
 * keeper.service('pool', pool);
 * keeper.service('web', async ({ ready, sleep, signal }) => {
 *   pool.use().set('started', 'yes');
 *   ready();
 *   while (!signal.aborted) await sleep(1_000);
 * }, { dependsOn: ['pool'] });
 * ```
 */
export function resourceService<TResource>(given: ResourceOptions<TResource>): ResourceService<TResource> {
  const { open, close, check, checkEveryMs } = resolveOptions<ResourceOptions<TResource>>(
    'resource',
    rules as unknown as Rules<ResourceOptions<TResource>>,
    { checkEveryMs: 10_000 } as ResourceOptions<TResource>,
    given,
  );
  let held: { readonly resource: TResource } | undefined;
  const run: RunService = async ({ signal, ready, notReady, sleep }) => {
    const resource = await open(signal);
    held = { resource };
    try {
      if (!signal.aborted) ready();
      if (check === undefined) await whenAborted(signal);
      while (check !== undefined && !signal.aborted) {
        await sleep(checkEveryMs as number);
        if (signal.aborted) break;
        try {
          await check(resource, signal);
          ready();
        } catch (cause) {
          notReady(detailOf(cause));
        }
      }
    } finally {
      held = undefined;
      await close(resource);
    }
  };
  const use = (): TResource => {
    if (held === undefined) throw new ResourceClosedError();
    return held.resource;
  };
  return Object.assign(run, { use });
}
