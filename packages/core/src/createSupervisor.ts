import { type CompiledCharts, charts } from './supervisor/charts.ts';
import { resolveSupervisorOptions, type SupervisorOptions } from './supervisor/supervisorOptions.ts';
import type { Supervisor } from './supervisor.ts';
import { SupervisorHandle } from './supervisorHandle.ts';

/**
 * Makes a supervisor. It does nothing until it is started.
 *
 * @throws {@link InvalidOptionError} naming the first option that breaks its rule, at any depth.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 *
 * await using keeper = createSupervisor({ name: 'orders', maxSessions: 1_000 });
 * keeper.start();
 * ```
 */
export function createSupervisor(options?: SupervisorOptions): Supervisor {
  return createSupervisorOn(charts, options);
}

/** As {@link createSupervisor}, on charts of the caller's. */
export function createSupervisorOn(charts: CompiledCharts, options?: SupervisorOptions): Supervisor {
  return new SupervisorHandle(charts, resolveSupervisorOptions(options));
}
