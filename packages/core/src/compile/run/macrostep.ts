import type { AnyActorScope, AnyEventObject } from 'xstate';
import { isDevelopmentBuild } from '../../xstate/build.ts';
import { ERROR_ACTOR_PREFIX, INIT_EVENT_TYPE, STOP_EVENT_TYPE, WILDCARD } from '../../xstate/machineInternals.ts';
import { compileStop } from '../build/spawnChild.ts';
import type { ChartTransition } from '../model/chartNode.ts';
import { ATTACHMENT, type AttachmentHolder } from '../perActor/attachment.ts';
import { Recording } from '../perActor/observation.ts';
import { armedTimers, cancelAllTimers } from '../perActor/timers.ts';
import type { ChartSnapshot } from './chartSnapshot.ts';
import type { GuardObserver } from './choice.ts';
import type { Configuration, EventChoice, Plan } from './configuration.ts';
import { MacrostepState } from './macrostepState.ts';

/** Processes one event: returns the next snapshot, or the same when nothing changed. */
export function macrostep(
  before: ChartSnapshot,
  configuration: Configuration,
  event: AnyEventObject,
  scope: AnyActorScope,
): ChartSnapshot {
  const attachment = (scope.self as AttachmentHolder)[ATTACHMENT];
  const slot = attachment === undefined ? undefined : attachment.observation;
  if (slot !== undefined) slot.dirty = true;
  const choice = typeof event?.type === 'string' ? configuration.choice(event.type) : undefined;
  if (choice?.isNoop && !configuration.hasEventless && slot === undefined && isPlain(event)) return before;

  const step = new MacrostepState(scope, event, before, configuration, false);
  if (slot?.observer !== undefined) step.recording = new Recording();
  const { recording } = step;
  try {
    processEvent(step, choice);
  } catch (error) {
    cancelAllTimers(scope.self);
    if (recording !== undefined)
      slot?.deliver(recording.observation(scope.self, event, armedTimers(scope.self), { error }));
    throw error;
  }
  if (recording !== undefined) {
    scope.defer(() => slot?.deliver(recording.observation(scope.self, event, armedTimers(scope.self))));
  }
  return step.finish(before);
}

function isPlain({ type }: AnyEventObject): boolean {
  return type !== STOP_EVENT_TYPE && type !== WILDCARD && !type.startsWith(ERROR_ACTOR_PREFIX);
}

/** `choice` is that of the event's type; unset for what is no event, at which this fails. */
function processEvent(step: MacrostepState, choice: EventChoice | undefined): void {
  const { event } = step;
  // XState's build for production lets it pass, and takes it for an event that only wildcards match.
  if (event.type === WILDCARD && isDevelopmentBuild) {
    throw new Error(`An event cannot have the wildcard type ('${WILDCARD}')`);
  }
  if (event.type === STOP_EVENT_TYPE) {
    end(step, 'stopped');
    return;
  }
  if (event.type !== INIT_EVENT_TYPE) {
    const plan = choice === undefined ? undefined : planForEvent(step, choice);
    if (plan !== undefined) runPlan(step, plan);
    // Of what is no event, this throws what the interpreter throws, in its words.
    else if (event.type.startsWith(ERROR_ACTOR_PREFIX)) {
      step.error = event['error'];
      end(step, 'error');
      return;
    }
  }
  runToCompletion(step);
}

function end(step: MacrostepState, status: 'stopped' | 'error'): void {
  stopChildren(step);
  step.status = status;
  step.changes++;
  endTimers(step);
}

/** Takes eventless transitions and processes raised events until nothing is left to do. */
export function runToCompletion(step: MacrostepState): void {
  const { chart } = step.configuration;
  let triesEventless = true;
  let rounds = 0;
  while (step.status === 'active') {
    if (++rounds > chart.maxIterations) throw endless(chart.maxIterations);
    const eventless = triesEventless ? planForEventless(step) : undefined;
    if (eventless !== undefined) {
      const before = step.changes;
      runPlan(step, eventless);
      triesEventless = step.changes !== before;
      continue;
    }
    const raised = step.nextRaised();
    if (raised === undefined) break;
    step.event = raised;
    step.recording?.raised(raised);
    const plan = planForEvent(step, step.configuration.choice(raised.type));
    if (plan !== undefined) runPlan(step, plan);
    triesEventless = true;
  }
  if (step.status === 'active') return;
  const { children } = step;
  stopChildren(step);
  // The children are stopped, and yet remain in the last snapshot, as the interpreter leaves them.
  step.children = children;
  endTimers(step);
}

/** Runs the actions of a plan and moves to its target. */
export function runPlan(step: MacrostepState, plan: Plan): void {
  const { actions } = plan;
  if (step.recording !== undefined) {
    for (const transition of plan.transitions) step.recording.transition(observed(transition));
  }
  for (let at = 0; at < actions.length; at++) actions[at]?.(step);
  if (plan.changesStates) {
    step.configuration = plan.target;
    step.changes++;
  }
}

function planForEvent(step: MacrostepState, choice: EventChoice): Plan | undefined {
  return step.configuration.planForEvent(choice, step.context, step.event, guardObserverOf(step));
}

function planForEventless(step: MacrostepState): Plan | undefined {
  if (!step.configuration.hasEventless) return undefined;
  return step.configuration.planForEventless(step.context, step.event, guardObserverOf(step));
}

/** Cancels all timers once the actor has ended. Deferred twice, because what an actor arms before it starts is, too. */
function endTimers({ scope }: MacrostepState): void {
  scope.defer(() => scope.defer(() => cancelAllTimers(scope.self)));
}

function stopChildren(step: MacrostepState): void {
  for (const child of Object.values(step.children)) compileStop({ actorRef: child })(step);
}

function guardObserverOf({ recording }: MacrostepState): GuardObserver | undefined {
  if (recording === undefined) return undefined;
  return (transition, passed) => recording.guard(transition.guardName, observed(transition), passed);
}

function observed({ source, targets, eventType, reenter }: ChartTransition) {
  return { source: source.id, targets: (targets ?? []).map(({ id }) => id), eventType, reenter };
}

function endless(rounds: number): Error {
  return new Error(
    `Infinite loop detected: the machine has processed more than ${rounds} microsteps without reaching a stable state. This usually happens when there's a cycle of transitions (e.g., eventless transitions or raised events causing state A -> B -> C -> A).`,
  );
}
