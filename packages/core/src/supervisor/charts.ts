import { compile } from '../compile/compile.ts';
import { monitorMachine } from '../monitor/monitorMachine.ts';
import { notifierMachine } from '../notifier/notifierMachine.ts';
import { serviceMachine } from '../service/serviceMachine.ts';
import { sessionMachine } from '../session/sessionMachine.ts';
import { supervisorMachine } from './supervisorMachine.ts';
import { surviveFailure } from './surviveFailure.ts';

/** The machines of a supervisor and its children. */
export interface Charts {
  readonly supervisor: typeof supervisorMachine;
  readonly monitor: typeof monitorMachine;
  readonly notifier: typeof notifierMachine;
  readonly session: typeof sessionMachine;
  readonly service: typeof serviceMachine;
}

/** Compiles the machines. Tests pass machines with a defect. */
export function compileCharts({ supervisor, monitor, notifier, session, service }: Charts) {
  return {
    supervisor: surviveFailure(compile(supervisor)),
    monitor: compile(monitor),
    notifier: compile(notifier),
    session: compile(session),
    service: compile(service),
  };
}

/** The compiled machines of Watchkeeper. */
export const charts = compileCharts({
  supervisor: supervisorMachine,
  monitor: monitorMachine,
  notifier: notifierMachine,
  session: sessionMachine,
  service: serviceMachine,
});

export type CompiledCharts = typeof charts;
