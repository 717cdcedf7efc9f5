import type { MonitorGraph } from '../aggregate/monitorGraph.ts';
import { DuplicateIdError, NotAdmittingError, UnknownIdError } from '../errors.ts';
import { callable, requireOption, text } from '../rules.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { RunService } from '../service/runScope.ts';
import type { Service } from '../service/service.ts';
import { requireStopTime, type StopTimes } from '../service/serviceBudget.ts';
import { ServiceHandle, type ServiceOwner } from '../service/serviceHandle.ts';
import { type ResolvedServiceOptions, resolveServiceOptions, type ServiceOptions } from '../service/serviceOptions.ts';
import type { ServiceTable } from '../service/serviceTable.ts';
import { requireAdded } from './children.ts';
import type { Phase } from './phase.ts';
import type { SupervisorCommand } from './supervisorContext.ts';

/** The parts of a supervisor that services need. */
export interface ServiceHandlesInput {
  readonly table: ServiceTable;
  readonly graph: MonitorGraph;
  readonly runQueue: RunQueue;
  readonly defaults: ResolvedServiceOptions;
  readonly times: StopTimes;
  readonly phase: () => Phase;
  readonly isMonitor: (id: string) => boolean;
  readonly send: (command: SupervisorCommand) => void;
}

const runRule = callable<RunService>();

/** Adds the services of one supervisor, and makes their public handles. */
export class ServiceHandles {
  readonly #input: ServiceHandlesInput;
  readonly #owner: ServiceOwner;

  constructor(input: ServiceHandlesInput) {
    const { table, graph, runQueue, send } = input;
    this.#input = input;
    // Whoever has a service's id by now is meant only when it is the same one.
    const ifSame = (command: 'unserve' | 'rerun'): ServiceOwner['stop'] => {
      return (child) => {
        if (table.get(child.id)?.child === child) send({ type: command, id: child.id });
      };
    };
    this.#owner = {
      runQueue,
      rootCauseOf: graph.rootCauseOf,
      waitsFor: (id) => table.waitsFor(id),
      restartsOf: (child) => {
        const entry = table.get(child.id);
        return entry?.child === child ? entry.past.attempts : 0;
      },
      restart: ifSame('rerun'),
      stop: ifSame('unserve'),
    };
  }

  add(id: string, run: RunService, given: ServiceOptions | undefined): Service {
    requireOption('service.id', text, id);
    requireOption('service.run', runRule, run);
    const { table, graph, defaults, phase, isMonitor, send, times } = this.#input;
    const options = resolveServiceOptions(given, defaults);
    const others = options.dependsOn.filter((other) => !table.isDone(other));
    graph.assertCanRequire('service.dependsOn', id, others, options.tags);
    graph.assertCanTag('service.tags', id, options.tags, others);
    const leaving = others.find((other) => table.isPlanned(other));
    if (leaving !== undefined) throw new UnknownIdError('service.dependsOn', leaving);
    const now = phase();
    if (now === 'draining' || now === 'stopped') throw new NotAdmittingError('a service', now);
    if (isMonitor(id) || table.isLive(id)) throw new DuplicateIdError(id);
    if (now === 'running') requireStopTime([...table.stopCosts, { id, ...options }], times);
    send({ type: 'serve', id, run, options });
    return requireAdded('a service', this.get(id), phase());
  }

  /** The service with this id, while it runs and after it has failed. */
  get(id: string): Service | undefined {
    const entry = this.#input.table.get(id);
    return entry === undefined ? undefined : new ServiceHandle(entry.child, this.#owner);
  }

  /** Every service that has not ended, and those that have failed. */
  get all(): readonly Service[] {
    return this.#input.table.ids.map((id) => this.get(id)).filter((service) => service !== undefined);
  }

  /** @throws {@link InvalidOptionError} when the services cannot be stopped within the time that a drain has. */
  requireStopTime(): void {
    requireStopTime(this.#input.table.stopCosts, this.#input.times);
  }
}
