import type { AnyActorRef, AnyActorScope, AnyEventObject, AnyStateMachine, MachineContext } from 'xstate';
import type { ActionArgs, Macrostep, UnaddressedMessage } from '../model/action.ts';
import type { Recording } from '../perActor/observation.ts';
import { cancelAllTimers } from '../perActor/timers.ts';
import { type ChartSnapshot, type Children, makeSnapshot, NO_CHILDREN } from './chartSnapshot.ts';
import type { Configuration } from './configuration.ts';

type Execute = ((args: ActionArgs, params: unknown) => void) | undefined;

const NO_IDS: readonly string[] = [];

/** The mutable state of one macrostep: what the next snapshot is made of. */
export class MacrostepState implements Macrostep {
  scope: AnyActorScope;
  event: AnyEventObject;
  configuration: Configuration;
  context: MachineContext;
  children: Children;
  status: ChartSnapshot['status'];
  output: unknown;
  error: unknown;
  changes = 0;
  expectedChildren = NO_IDS;
  recording: Recording | undefined;
  /** Whether the actor has yet to start, so that its effects wait until it does. */
  readonly isFirst: boolean;
  #unaddressed: UnaddressedMessage[] | undefined;
  #raised: AnyEventObject[] | undefined;
  #nextRaised = 0;

  constructor(
    scope: AnyActorScope,
    event: AnyEventObject,
    before: ChartSnapshot,
    configuration: Configuration,
    isFirst: boolean,
  ) {
    this.isFirst = isFirst;
    this.scope = scope;
    this.event = event;
    this.configuration = configuration;
    this.context = before.context;
    this.children = before.children;
    this.status = before.status;
    this.output = before.output;
    this.error = before.error;
    this.recording = undefined;
    this.#unaddressed = undefined;
    this.#raised = undefined;
  }

  get machine(): AnyStateMachine {
    return this.configuration.chart.machine;
  }

  args(): ActionArgs {
    const { scope } = this;
    return { context: this.context, event: this.event, self: scope.self, system: scope.system };
  }

  execute(type: string, info: ActionArgs, params: unknown, exec: Execute): void {
    if (this.recording !== undefined) this.recording.action(type, params);
    this.scope.actionExecutor({
      type,
      info,
      params: params as never,
      exec: this.isFirst ? this.#failingLate(exec) : exec,
    });
  }

  defer(effect: () => void): void {
    const { scope } = this;
    scope.defer(() => {
      try {
        effect();
      } catch (error) {
        cancelAllTimers(scope.self);
        throw error;
      }
    });
  }

  raise(event: AnyEventObject): void {
    if (this.#raised === undefined) this.#raised = [event];
    else this.#raised.push(event);
  }

  /** Takes the next raised event off the queue. */
  nextRaised(): AnyEventObject | undefined {
    return this.#raised?.[this.#nextRaised++];
  }

  complete(output: unknown): void {
    this.status = 'done';
    this.output = output;
    this.changes++;
  }

  addChild(id: string, child: AnyActorRef): void {
    this.children = { ...this.children, [id]: child };
    this.changes++;
  }

  removeChild(id: string | undefined): void {
    this.changes++;
    if (id === undefined || !(id in this.children)) return;
    const { [id]: _removed, ...others } = this.children;
    this.children = Object.keys(others).length === 0 ? NO_CHILDREN : others;
  }

  expectChildren(ids: readonly string[]): void {
    this.expectedChildren = ids;
  }

  addressLater(message: UnaddressedMessage): void {
    this.#unaddressed ??= [];
    this.#unaddressed.push(message);
  }

  addressMessages(): void {
    this.expectedChildren = NO_IDS;
    for (const message of this.#unaddressed ?? []) {
      if (typeof message.to === 'string') message.to = this.children[message.to];
    }
    this.#unaddressed = undefined;
  }

  /** The snapshot this macrostep leads to: the same as before when nothing changed. */
  finish(before: ChartSnapshot): ChartSnapshot {
    return this.changes === 0 ? before : this.snapshot();
  }

  snapshot(): ChartSnapshot {
    return makeSnapshot(this.configuration, this.status, this.context, this.children, this.output, this.error);
  }

  #failingLate(exec: Execute): Execute {
    if (exec === undefined) return undefined;
    const { self } = this.scope;
    return (args, params) => {
      try {
        exec(args, params);
      } catch (error) {
        cancelAllTimers(self);
        throw error;
      }
    };
  }
}
