import { assign, cancel, emit, raise, sendParent, sendTo, spawnChild, stopChild } from 'xstate';
import { type BuiltinAction, builtinAction } from '../../xstate/machineInternals.ts';
import type { Action, ActionArgs, ActionPlace, Builtin } from '../model/action.ts';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';
import { compileAssign } from './assign.ts';
import { compileGuard } from './compileGuard.ts';
import { compileCancel, compileEmit, compileRaise, compileSendTo } from './sendEvent.ts';
import { compileSpawn, compileStop } from './spawnChild.ts';

type Exec = (args: ActionArgs, params: unknown) => void;
interface NamedAction {
  type: string;
  params?: unknown;
}

/** Compiles the actions of one place, in order. */
export function compileActions(actions: readonly unknown[], place: ActionPlace): Action[] {
  return actions.map((action) => compileAction(action, place));
}

/** Compiles an action as it stands in a machine: a function, a name, or a name with parameters. */
export function compileAction(action: unknown, place: ActionPlace): Action {
  if (typeof action === 'function') {
    const builtin = compileBuiltin(action, place);
    if (builtin !== undefined) return (step) => builtin(step, undefined);
    const type = action.name === '' ? '(anonymous)' : action.name;
    return (step) => step.execute(type, step.args(), undefined, action as Exec);
  }
  const { type, params } = typeof action === 'string' ? { type: action, params: undefined } : (action as NamedAction);
  if (typeof type !== 'string') {
    throw new UnsupportedFeatureError('an action that is neither a name nor a function', place.path);
  }
  const implementation = place.machine.implementations.actions?.[type] as unknown;
  const paramsOf = typeof params === 'function' ? (params as (args: object) => unknown) : undefined;
  const builtin = compileBuiltin(implementation, place);
  if (builtin !== undefined) {
    if (paramsOf === undefined) return (step) => builtin(step, params);
    return (step) => builtin(step, paramsOf({ context: step.context, event: step.event }));
  }
  const exec = implementation as Exec | undefined;
  if (paramsOf === undefined) return (step) => step.execute(type, step.args(), params, exec);
  return (step) => {
    step.execute(type, step.args(), paramsOf({ context: step.context, event: step.event }), exec);
  };
}

function compileBuiltin(action: unknown, place: ActionPlace): Builtin | undefined {
  const builtin = builtinAction(action);
  if (builtin === undefined) return undefined;
  if (builtin === 'unknown') {
    const type = String((action as { type?: unknown }).type);
    throw new UnsupportedFeatureError(`the built-in action '${type}' of an unknown kind`, place.path);
  }
  switch (builtin.type) {
    case 'xstate.assign':
      return compileAssign(builtin);
    case 'xstate.raise':
      return compileRaise(builtin, place);
    case 'xstate.sendTo':
      return compileSendTo(builtin, place);
    case 'xstate.cancel':
      return compileCancel(builtin);
    case 'xstate.emit':
      return compileEmit(builtin);
    case 'xstate.log':
      return compileLog(builtin);
    case 'xstate.spawnChild':
      return compileSpawn(builtin, place);
    case 'xstate.stopChild':
      return compileStop(builtin);
    case 'xstate.enqueueActions':
      return compileEnqueue(builtin, place);
  }
}

function compileLog({ value, label }: Extract<BuiltinAction, { type: 'xstate.log' }>): Builtin {
  return (step, params) => {
    const args = step.args();
    const { logger } = step.scope;
    const resolved = typeof value === 'function' ? value(args, params) : value;
    step.execute('xstate.log', args, { value: resolved, label }, () => {
      if (label) logger(label, resolved);
      else logger(resolved);
    });
  };
}
type Creator = (...options: never[]) => unknown;
const CREATORS: Record<string, Creator> = { assign, cancel, emit, raise, sendParent, sendTo, spawnChild, stopChild };

/**
 * Compiles `enqueueActions`. The actions it enqueues are compiled at each run, so each use costs more than a fixed
 * action.
 */
function compileEnqueue(
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
    const check = (guard: unknown) => compileGuard(guard, place)(context, event, configuration);
    collect({ context, event, enqueue, check, self: scope.self, system: scope.system }, params);
    for (const action of queued) compileAction(action, place)(step);
  };
}
