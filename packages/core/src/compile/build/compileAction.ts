import type { AnyStateMachine } from 'xstate';
import { type BuiltinAction, builtinAction } from '../../xstate/machineInternals.ts';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';
import type { ActionArgs, Step } from '../run/macrostepState.ts';
import { compileAssign } from './assign.ts';
import { compileEnqueue } from './enqueue.ts';
import { compileCancel, compileEmit, compileRaise, compileSendTo } from './sendEvent.ts';
import { compileSpawn, compileStop } from './spawnChild.ts';

export { compileSpawn, compileStop };

/** An action made ready: names looked up, options read; it changes the step or has the actor run an effect. */
export type Action = (step: Step) => void;

/** A built-in action, which may be called by name and then gets the parameters of the call. */
export type Builtin = (step: Step, params?: unknown) => void;

/** Where an action stands: the machine that names are looked up in, and the node errors are located by. */
export interface ActionPlace {
  readonly machine: AnyStateMachine;
  readonly path: string;
}

type Exec = (args: ActionArgs, params: unknown) => void;
interface NamedAction {
  type: string;
  params?: unknown;
}

export function compileActions(actions: readonly unknown[], place: ActionPlace): Action[] {
  return actions.map((action) => compileAction(action, place));
}

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
