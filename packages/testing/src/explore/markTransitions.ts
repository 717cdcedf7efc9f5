import { type AnyStateMachine, StateMachine } from 'xstate';

/** A part of a chart's definition. */
// biome-ignore lint/suspicious/noExplicitAny: a definition is a tree of many shapes.
type Part = Record<string, any>;

/** The type of the action by which a transition says that it was taken. */
export const TAKEN = 'explore.taken';

/** The type of the action by which a state says that it was entered, be it only to be passed through. */
export const ENTERED = 'explore.entered';

/** A machine that says which of its transitions it takes and which states it enters, and the names of all it has. */
export interface Marked {
  readonly machine: AnyStateMachine;
  readonly transitions: readonly string[];
}

/** Adds to every transition and every state an action that names it. */
export function markTransitions(original: AnyStateMachine): Marked {
  const transitions: string[] = [];
  const marked = (name: string, given: unknown): unknown => {
    if (given === undefined) return undefined;
    if (Array.isArray(given)) return given.map((one, index) => marked(`${name} ${index + 1}`, one));
    const transition: Part = typeof given === 'string' ? { target: given } : { ...(given as Part) };
    const { target = 'stays', actions = [] } = transition;
    const id = `${name} -> ${target}`;
    transitions.push(id);
    return { ...transition, actions: [{ type: TAKEN, params: { id } }, ...[actions].flat()] };
  };
  const markAll = (path: string, group: Part): Part =>
    Object.fromEntries(Object.entries(group).map(([event, given]) => [event, marked(`${path} ${event}`, given)]));
  const invoked = (path: string, { onDone, onError, onSnapshot, ...rest }: Part): Part => ({
    ...rest,
    ...withDefined('onDone', marked(`${path} done`, onDone)),
    ...withDefined('onError', marked(`${path} error`, onError)),
    ...withDefined('onSnapshot', marked(`${path} snapshot`, onSnapshot)),
  });
  const walk = (path: string, { on, after, always, onDone, invoke, states, entry = [], ...rest }: Part): Part => ({
    ...rest,
    // A history state enters others, and has no entry of its own.
    ...(rest['type'] === 'history' || rest['history'] !== undefined
      ? {}
      : { entry: [{ type: ENTERED, params: { id: rest['id'] ?? path } }, ...[entry].flat()] }),
    ...withDefined('on', on && markAll(path, on)),
    ...withDefined('after', after && markAll(`${path} after`, after)),
    ...withDefined('always', marked(`${path} always`, always)),
    ...withDefined('onDone', marked(`${path} done`, onDone)),
    ...withDefined(
      'invoke',
      invoke && [invoke].flat().map((one: Part) => invoked(`${path} ${one['id'] ?? one['src']}`, one)),
    ),
    ...withDefined(
      'states',
      states &&
        Object.fromEntries(Object.entries<Part>(states).map(([name, child]) => [name, walk(`${path}.${name}`, child)])),
    ),
  });
  const chart = walk(original.id, original.config);
  const { implementations } = original;
  const actions = { ...implementations.actions, [TAKEN]: () => {}, [ENTERED]: () => {} };
  const machine = new StateMachine(chart as never, { ...implementations, actions } as never) as AnyStateMachine;
  return { machine, transitions };
}

function withDefined(name: string, value: unknown): Part {
  return value === undefined ? {} : { [name]: value };
}
