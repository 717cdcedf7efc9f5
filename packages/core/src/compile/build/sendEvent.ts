import type { AnyActorRef, AnyEventObject, AnyStateMachine } from 'xstate';
import { type BuiltinAction, type Delay, parentOf, relay } from '../../xstate/machineInternals.ts';
import type { ActionArgs, ActionPlace, Builtin, Macrostep } from '../model/action.ts';
import { UnsupportedFeatureError } from '../model/unsupportedFeatureError.ts';
import { armTimer, cancelTimer } from '../perActor/timers.ts';

type Of<Type extends BuiltinAction['type']> = Extract<BuiltinAction, { type: Type }>;
type DelayOf = (args: ActionArgs, params: unknown) => number | undefined;

const nothing = () => {};

/** Compiles `raise`. */
export function compileRaise({ event, id, delay }: Of<'xstate.raise'>, place: ActionPlace): Builtin {
  if (typeof event === 'string')
    throw new UnsupportedFeatureError('`raise` of a string instead of an event', place.path);
  const delayOf = compileDelay(delay, place);
  return (step, params) => {
    const args = step.args();
    const raised = typeof event === 'function' ? event(args, params) : event;
    const delayMs = delayOf(args, params);
    const message = { event: raised, id, delay: delayMs };
    if (typeof delayMs !== 'number') {
      step.raise(raised);
      step.execute('xstate.raise', args, message, nothing);
      return;
    }
    const { scope } = step;
    step.execute('xstate.raise', args, message, () => {
      step.defer(() => armTimer(scope.self, scope.self, raised, delayMs, id));
    });
  };
}

/** Compiles `sendTo`. */
export function compileSendTo({ to, event, id, delay }: Of<'xstate.sendTo'>, place: ActionPlace): Builtin {
  if (typeof event === 'string')
    throw new UnsupportedFeatureError('`sendTo` of a string instead of an event', place.path);
  const delayOf = compileDelay(delay, place);
  return (step, params) => {
    const args = step.args();
    const sent = typeof event === 'function' ? event(args, params) : event;
    const delayMs = delayOf(args, params);
    const target = typeof to === 'function' ? to(args, params) : to;
    const targetId = typeof target === 'string' ? target : undefined;
    const message = { to: receiver(step, target, place.machine), targetId, event: sent, id, delay: delayMs };
    if (typeof message.to === 'string') step.addressLater(message);
    const { scope } = step;
    step.execute('xstate.sendTo', args, message, () => {
      step.defer(() => {
        const ref = message.to as AnyActorRef;
        if (typeof delayMs === 'number') armTimer(scope.self, ref, sent, delayMs, id);
        else relay(scope.self, ref, sent.type === 'xstate.error' ? errorFrom(scope.self, sent) : sent);
      });
    });
  };
}

function receiver(
  step: Macrostep,
  target: string | AnyActorRef | undefined,
  machine: AnyStateMachine,
): AnyActorRef | string {
  const { self } = step.scope;
  if (typeof target !== 'string') return target || self;
  const found = namedReceiver(step, target, self);
  if (!found) throw new Error(`Unable to send event to actor '${target}' from machine '${machine.id}'.`);
  return found;
}

function namedReceiver(step: Macrostep, target: string, self: AnyActorRef): AnyActorRef | string | undefined {
  if (target === '#_parent') return parentOf(self);
  if (target === '#_internal') return self;
  if (target.startsWith('#_')) return step.children[target.slice(2)];
  return step.expectedChildren.includes(target) ? target : step.children[target];
}

function errorFrom(self: AnyActorRef, { data }: AnyEventObject): AnyEventObject {
  return { type: `xstate.error.actor.${self.id}`, error: data, actorId: self.id };
}

/** Compiles `cancel`. */
export function compileCancel({ sendId }: Of<'xstate.cancel'>): Builtin {
  return (step, params) => {
    const args = step.args();
    const resolved = typeof sendId === 'function' ? sendId(args, params) : sendId;
    const { scope } = step;
    step.execute('xstate.cancel', args, { sendId: resolved }, () => {
      step.defer(() => cancelTimer(scope.self, resolved));
    });
  };
}

/** Compiles `emit`. */
export function compileEmit({ event }: Of<'xstate.emit'>): Builtin {
  return (step, params) => {
    const args = step.args();
    const emitted = typeof event === 'function' ? event(args, params) : event;
    const { scope } = step;
    step.execute('xstate.emit', args, { event: emitted }, () => {
      step.defer(() => scope.emit(emitted));
    });
  };
}

function compileDelay(delay: Delay | undefined, { machine, path, missing }: ActionPlace): DelayOf {
  if (typeof delay === 'function') return delay;
  if (typeof delay !== 'string') return () => delay;
  const named = machine.implementations.delays?.[delay] as unknown;
  if (typeof named === 'function') return named as DelayOf;
  if (typeof named === 'number') return () => named;
  // As in the interpreter, the event then is not delayed.
  if (missing === 'defer') return () => undefined;
  throw new UnsupportedFeatureError(`the delay '${delay}', which has no implementation`, path);
}
