import { assign, cancel, emit, raise, sendParent, sendTo, spawnChild, stopChild } from 'xstate';
import type { BuiltinAction } from '../../xstate/machineInternals.ts';
import { type ActionPlace, type Builtin, compileAction } from './compileAction.ts';
import { compileGuard } from './compileGuard.ts';

type Creator = (...options: never[]) => unknown;

const CREATORS: Record<string, Creator> = { assign, cancel, emit, raise, sendParent, sendTo, spawnChild, stopChild };

/** Actions decided while running; they are compiled when they are met, so each use costs more than a fixed action. */
export function compileEnqueue(
  { collect }: Extract<BuiltinAction, { type: 'xstate.enqueueActions' }>,
  place: ActionPlace,
): Builtin {
  return (step, params) => {
    const queued: unknown[] = [];
    const enqueue = (action: unknown) => {
      queued.push(action);
    };
    for (const [name, create] of Object.entries(CREATORS)) {
      Object.assign(enqueue, { [name]: (...options: never[]) => enqueue(create(...options)) });
    }
    const { context, event, configuration, scope } = step;
    const check = (guard: unknown) => compileGuard(guard, place.machine, place.path)(context, event, configuration);
    collect({ context, event, enqueue, check, self: scope.self, system: scope.system }, params);
    for (const action of queued) compileAction(action, place)(step);
  };
}
