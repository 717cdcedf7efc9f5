import type { AnyActorScope, AnyEventObject } from 'xstate';
import { ERROR_ACTOR_PREFIX, STOP_EVENT_TYPE, WILDCARD } from '../../xstate/machineInternals.ts';
import { compileStop } from '../build/spawnChild.ts';
import type { ChartTransition } from '../model/chartNode.ts';
import { ATTACHMENT, type AttachmentHolder } from '../perActor/attachment.ts';
import { Recording } from '../perActor/observation.ts';
import { armedTimers, cancelAllTimers } from '../perActor/timers.ts';
import { ChartSnapshot } from './chartSnapshot.ts';
import { type Choice, collectTaken, firstPassing, type GuardObserver, isEmpty } from './choice.ts';
import type { Candidate, Plan } from './configuration.ts';
import { fail, MacrostepState } from './macrostepState.ts';
import { planOf, planOfOne } from './microstepPlan.ts';

/** Processes one event: returns the next snapshot, or the same when nothing changed. */
export function macrostep(before: ChartSnapshot, event: AnyEventObject, scope: AnyActorScope): ChartSnapshot {
  const configuration = ChartSnapshot.configurationOf(before);
  const attachment = (scope.self as AttachmentHolder)[ATTACHMENT];
  const slot = attachment === undefined ? undefined : attachment.observation;
  if (slot !== undefined) slot.dirty = true;
  const choice = configuration.choice(event.type);
  if (choice.isNoop && configuration.eventless.length === 0 && slot === undefined && isPlain(event)) return before;

  const step = new MacrostepState(scope, event, before, false);
  if (slot?.observer !== undefined) step.recording = new Recording();
  const { recording } = step;
  try {
    processEvent(step, choice);
  } catch (error) {
    fail(before, scope);
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

function processEvent(step: MacrostepState, choice: Choice<Candidate>): void {
  const { event } = step;
  if (event.type === WILDCARD) throw new Error(`An event cannot have the wildcard type ('${WILDCARD}')`);
  if (event.type === STOP_EVENT_TYPE) {
    stopChildren(step);
    step.status = 'stopped';
    step.changes++;
    endTimers(step);
    return;
  }
  const plan = planForEvent(step, choice);
  if (plan !== undefined) runPlan(step, plan);
  else if (event.type.startsWith(ERROR_ACTOR_PREFIX)) {
    stopChildren(step);
    step.status = 'error';
    step.error = event['error'];
    step.changes++;
    endTimers(step);
    return;
  }
  runToCompletion(step);
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

function planForEvent(step: MacrostepState, choice: Choice<Candidate>): Plan | undefined {
  if (isEmpty(choice)) return undefined;
  const { context, event, configuration } = step;
  const onGuard = guardObserverOf(step);
  if (choice.regions.length === 0) {
    const taken = firstPassing(choice.own, context, event, configuration, onGuard);
    return taken === undefined ? undefined : planOfOne(configuration, taken);
  }
  const taken: Candidate[] = [];
  collectTaken(choice, context, event, configuration, onGuard, taken);
  return taken.length === 0 ? undefined : planOf(configuration, taken);
}

function planForEventless(step: MacrostepState): Plan | undefined {
  const { context, event, configuration } = step;
  const { eventless } = configuration;
  if (eventless.length === 0) return undefined;
  const onGuard = guardObserverOf(step);
  let taken: Set<Candidate> | undefined;
  for (const candidates of eventless) {
    const passing = firstPassing(candidates, context, event, configuration, onGuard);
    if (passing === undefined) continue;
    taken ??= new Set();
    taken.add(passing);
  }
  return taken === undefined ? undefined : planOf(configuration, [...taken]);
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
