import type { ActorLogic, AnyActorLogic, InputFrom } from 'xstate';
import { LeanActor } from './leanActor.ts';
import type { LeanActorOptions } from './leanActorOptions.ts';

/**
 * Options may be left out unless the logic cannot do without input.
 * @inline
 */
type OptionsFor<TInput> = undefined extends TInput
  ? [options?: LeanActorOptions<TInput>]
  : [options: LeanActorOptions<TInput> & { readonly input: TInput }];

/** The lean actor that runs a logic. */
export type LeanActorFrom<TLogic extends AnyActorLogic> =
  TLogic extends ActorLogic<infer TSnapshot, infer TEvent, infer _TInput, infer _TSystem, infer TEmitted>
    ? LeanActor<TSnapshot, TEvent, TEmitted>
    : never;

/**
 * Creates a {@link LeanActor}: what XState's `createActor` does, at a fraction of the memory.
 *
 * Call `start()` on it. A root actor keeps time by {@link systemClock} unless `clock` is given.
 *
 * @example
 * ```ts
 * import { createLeanActor } from '@watchkeeper/core';
 * import { fromTransition } from 'xstate';
 *
 * const counter = fromTransition((count: number, event: { type: 'add'; by: number }) => count + event.by, 0);
 * const actor = createLeanActor(counter).start();
 * actor.send({ type: 'add', by: 2 });
 * console.log(actor.getSnapshot().context); // 2
 * ```
 */
export function createLeanActor<TLogic extends AnyActorLogic>(
  logic: TLogic,
  ...[options = {}]: OptionsFor<InputFrom<TLogic>>
): LeanActorFrom<TLogic> {
  return new LeanActor(logic, options) as LeanActorFrom<TLogic>;
}
