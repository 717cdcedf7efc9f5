import { type AnyEventObject, type MachineContext, matchesState } from 'xstate';
import { type BuiltinGuard, builtinGuard } from '../../xstate/machineInternals.ts';
import type { ActionPlace } from '../model/action.ts';
import type { Guard } from '../model/guard.ts';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';

type PlainGuard = (args: { context: MachineContext; event: AnyEventObject }, params: unknown) => boolean;
interface NamedGuard {
  type: string;
  params?: unknown;
}

/** Name of a guard as it stands in a machine; unset for an inline function. */
export function guardName(guard: unknown): string | undefined {
  if (typeof guard === 'string') return guard;
  return typeof guard === 'object' && guard !== null ? (guard as NamedGuard).type : undefined;
}

/** Compiles a guard as it stands in a machine. */
export function compileGuard(guard: unknown, place: ActionPlace): Guard {
  return compileNested(guard, place, []);
}

function compileNested(guard: unknown, place: ActionPlace, outer: readonly string[]): Guard {
  const { machine, path, missing } = place;
  if (typeof guard === 'function') return compileFunction(guard as PlainGuard, undefined, place, outer);
  const name = guardName(guard);
  if (name === undefined) throw new UnsupportedFeatureError('a guard that is neither a name nor a function', path);
  if (outer.includes(name)) throw new UnsupportedFeatureError(`the guard '${name}', which refers to itself`, path);
  const implementation: unknown = machine.implementations.guards?.[name];
  if (implementation === undefined) {
    if (missing === 'defer') return notImplemented(name);
    throw new UnsupportedFeatureError(`the guard '${name}', which has no implementation`, path);
  }
  const named = [...outer, name];
  if (typeof implementation !== 'function') return compileNested(implementation, place, named);
  const params = typeof guard === 'object' ? (guard as NamedGuard).params : undefined;
  return compileFunction(implementation as PlainGuard, params, place, named);
}

/** Fails in the interpreter's words when it is asked. */
function notImplemented(name: string): Guard {
  return () => {
    throw new Error(`Guard '${name}' is not implemented.'.`);
  };
}

function compileFunction(guard: PlainGuard, params: unknown, place: ActionPlace, outer: readonly string[]): Guard {
  const builtin = builtinGuard(guard);
  if (builtin === 'unknown') throw new UnsupportedFeatureError('a built-in guard of an unknown kind', place.path);
  if (typeof params !== 'function') {
    if (builtin !== undefined) return compileBuiltin(builtin, place, outer);
    return (context, event) => guard({ context, event }, params);
  }
  if (builtin === undefined) return (context, event) => guard({ context, event }, params({ context, event }));
  const combined = compileBuiltin(builtin, place, outer);
  return (context, event, states) => {
    // The interpreter makes them before it sees that nobody takes them; what that throws counts.
    params({ context, event });
    return combined(context, event, states);
  };
}

function compileBuiltin(builtin: BuiltinGuard, place: ActionPlace, outer: readonly string[]): Guard {
  if (builtin.kind === 'stateIn') return compileStateIn(builtin.stateValue, place);
  const inner = builtin.guards.map((nested) => compileNested(nested, place, outer));
  switch (builtin.kind) {
    case 'and':
      return (context, event, states) => inner.every((nested) => nested(context, event, states));
    case 'or':
      return (context, event, states) => inner.some((nested) => nested(context, event, states));
    case 'not': {
      const [denied] = inner;
      if (denied === undefined) throw new UnsupportedFeatureError('`not` without a guard', place.path);
      return (context, event, states) => !denied(context, event, states);
    }
  }
}

function compileStateIn(stateValue: Parameters<typeof matchesState>[0], { machine, path }: ActionPlace): Guard {
  if (typeof stateValue !== 'string' || !stateValue.startsWith('#')) {
    return (_context, _event, states) => matchesState(stateValue, states.value);
  }
  try {
    const { id } = machine.getStateNodeById(stateValue);
    return (_context, _event, states) => states.has(id);
  } catch {
    throw new UnsupportedFeatureError(`\`stateIn\` of the unknown state '${stateValue}'`, path);
  }
}

/** A guard whose errors say which guard of which state threw, and for which event. */
export function withErrorPlace(guard: Guard, name: string | undefined, path: string): Guard {
  return (context, event, states) => {
    try {
      return guard(context, event, states);
    } catch (cause) {
      const named = name === undefined ? '' : `'${name}' `;
      const reason = (cause as { message?: unknown }).message;
      throw new Error(
        `Unable to evaluate guard ${named}in transition for event '${event.type}' in state node '${path}':\n${reason}`,
        { cause },
      );
    }
  };
}
