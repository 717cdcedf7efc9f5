import { compile } from '../compile/compile.ts';
import { monitorMachine } from '../monitor/monitorMachine.ts';
import { notifierMachine } from '../notifier/notifierMachine.ts';
import { sessionMachine } from '../session/sessionMachine.ts';
import { supervisorMachine } from './supervisorMachine.ts';

/** The charts that a supervisor and its actors run. */
export interface Charts {
  readonly supervisor: typeof supervisorMachine;
  readonly monitor: typeof monitorMachine;
  readonly notifier: typeof notifierMachine;
  readonly session: typeof sessionMachine;
}

/** Makes charts ready to run. Others than ours are for the tests, to see that broken ones are noticed. */
export function compileCharts({ supervisor, monitor, notifier, session }: Charts) {
  return {
    supervisor: compile(supervisor),
    monitor: compile(monitor),
    notifier: compile(notifier),
    session: compile(session),
  };
}

/** Our charts, ready to run. */
export const charts = compileCharts({
  supervisor: supervisorMachine,
  monitor: monitorMachine,
  notifier: notifierMachine,
  session: sessionMachine,
});

export type CompiledCharts = typeof charts;
