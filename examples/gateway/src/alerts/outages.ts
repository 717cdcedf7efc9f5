import type { MonitorStatus, SupervisorEvent } from '@watchkeeper/core';
import type { Alert } from './alert.ts';

/** An alert, and the names of the destinations it is for. */
export interface Addressed {
  readonly alert: Alert;
  readonly to: readonly string[];
}

/** Options of outages. */
export interface OutagesInput {
  readonly statusOf: (id: string) => MonitorStatus | undefined;
  /** Names of the destinations for outages of a target that begin now. */
  readonly notifyOf: (id: string) => readonly string[];
}

/**
 * Pairs the supervisor's events into alerts: one `down` for each outage, and one `up` for each `down` (INV-58).
 *
 * A monitor that was made anew, by a reload or after a crash, knows nothing of the alert its predecessor raised. The
 * outage is remembered here: it is not told twice, and it ends when the new monitor finds the target good. Whoever heard the `down` hears the `up`, even if a reload has
 * since said otherwise.
 */
export class Outages {
  readonly #open = new Map<string, Addressed>();
  readonly #input: OutagesInput;

  constructor(input: OutagesInput) {
    this.#input = input;
  }

  /** @returns the alert that `event` calls for, if any. */
  note(event: SupervisorEvent): Addressed | undefined {
    if (event.type === 'alert.raised') return this.#begin(event);
    if (event.type === 'alert.cleared') return this.#end(event.id, event.at);
    if (event.type !== 'health.changed' || (event.to !== 'healthy' && event.to !== 'degraded')) return undefined;
    return this.#input.statusOf(event.id)?.alerting === true ? undefined : this.#end(event.id, event.at);
  }

  /** Forgets a target that is no longer watched; nothing more is told of it (INV-65). Says whether it was down. */
  forget(target: string): boolean {
    return this.#open.delete(target);
  }

  #begin({ id, at, detail, failures }: Extract<SupervisorEvent, { type: 'alert.raised' }>): Addressed | undefined {
    if (this.#open.has(id)) return undefined;
    const status = this.#input.statusOf(id);
    const alert: Alert = {
      target: id,
      outage: `${id}@${at}`,
      news: 'down',
      at,
      downAt: at,
      ...(status?.healthyAt === undefined ? {} : { healthyAt: status.healthyAt }),
      probe: status?.probe ?? id,
      ...(detail === undefined ? {} : { detail }),
      failures,
    };
    const addressed = { alert, to: this.#input.notifyOf(id) };
    this.#open.set(id, addressed);
    return addressed;
  }

  #end(target: string, at: number): Addressed | undefined {
    const begun = this.#open.get(target);
    this.#open.delete(target);
    return begun === undefined ? undefined : { ...begun, alert: { ...begun.alert, news: 'up', at } };
  }
}
