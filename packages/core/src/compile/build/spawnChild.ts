import type { AnyActorLogic, AnyActorRef } from 'xstate';
import { isDevelopmentBuild } from '../../xstate/build.ts';
import {
  type BuiltinAction,
  createChild,
  isRunning,
  referencedLogic,
  type SpawnOptions,
  startLater,
  unregister,
} from '../../xstate/machineInternals.ts';
import type { ActionPlace, Builtin, Macrostep } from '../model/action.ts';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';

/** Compiles an `invoke` or `spawnChild`: the child starts when the macrostep is over. */
export function compileSpawn({ id, systemId, src, input, syncSnapshot }: SpawnOptions, place: ActionPlace): Builtin {
  const logic = typeof src === 'string' ? logicNamed(src, place) : src;
  return (step) => {
    const args = step.args();
    const { scope } = step;
    const childId = typeof id === 'function' ? id(args) : id;
    if (logic === undefined) {
      if (isDevelopmentBuild) console.warn(`Actor type '${String(src)}' not found in machine '${scope.id}'.`);
      step.addChild(String(childId), undefined as never);
      step.execute('xstate.spawnChild', args, { id, systemId, actorRef: undefined, src, input: undefined }, () => {});
      return;
    }
    const resolvedInput =
      typeof input === 'function' ? input({ context: step.context, event: step.event, self: scope.self }) : input;
    const child = createChild(scope, logic, { id: childId, src, syncSnapshot, systemId, input: resolvedInput });
    // As in the interpreter, a child without an id goes by the id "undefined".
    step.addChild(String(childId), child);
    const params = { id, systemId, actorRef: child, src, input: resolvedInput };
    step.execute('xstate.spawnChild', args, params, () => startLater(step, child));
  };
}

/** The logic of a name; unset where it may be missing. */
function logicNamed(src: string, { machine, path, missing }: ActionPlace): AnyActorLogic | undefined {
  const logic = referencedLogic(machine, src);
  if (logic === undefined && missing === 'refuse') {
    throw new UnsupportedFeatureError(`the actor '${src}', which has no implementation`, path);
  }
  return logic;
}

/** Compiles the end of an `invoke`, or `stopChild`. */
export function compileStop({
  actorRef,
}: Pick<Extract<BuiltinAction, { type: 'xstate.stopChild' }>, 'actorRef'>): Builtin {
  return (step, params) => {
    const args = step.args();
    const named = typeof actorRef === 'function' ? actorRef(args, params) : actorRef;
    const child = typeof named === 'string' ? step.children[named] : named;
    step.removeChild(child?.id);
    step.execute('xstate.stopChild', args, child, () => {
      if (child !== undefined) stop(step, child);
    });
  };
}

/** Stops a child; a running one after the macrostep, so that what the macrostep sends to it still arrives. */
function stop(step: Macrostep, child: AnyActorRef): void {
  const { scope } = step;
  unregister(child);
  if (isRunning(child)) step.defer(() => scope.stopChild(child));
  else scope.stopChild(child);
}
