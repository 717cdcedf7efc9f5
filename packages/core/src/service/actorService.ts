import { type AnyActorLogic, createActor, type InputFrom, type SnapshotFrom } from 'xstate';
import { callable, objectWith, optional, type Rules, requireOption, resolveOptions } from '../rules.ts';
import type { RunService } from './runScope.ts';

/** How an XState actor is run as a service. */
export interface ActorServiceOptions<TLogic extends AnyActorLogic> {
  /**
   * Input of each run's actor.
   * @default none
   */
  readonly input?: InputFrom<TLogic>;
  /**
   * Whether a snapshot is that of an actor that is ready.
   * @default every one is
   */
  readonly isReady?: (snapshot: SnapshotFrom<TLogic>) => boolean;
  /**
   * How well an actor that has been ready is.
   * @default `healthy`
   */
  readonly healthOf?: (snapshot: SnapshotFrom<TLogic>) => 'healthy' | 'degraded' | 'unhealthy';
}

const anything = { is: 'anything', accepts: (_value: unknown): _value is unknown => true };

/**
 * Makes a service of an XState actor: a run is one actor, which is done when the actor is done, fails when it fails, and is
 * stopped when it is told to stop.
 *
 * @throws {@link InvalidOptionError} for logic that is none, and for the first option that breaks its rule.
 * @example
 * ```ts
 * import { actorService, createSupervisor } from '@watchkeeper/core';
 * import { setup } from 'xstate';
 *
 * const door = setup({}).createMachine({
 *   initial: 'opening',
 *   states: { opening: { after: { 100: 'open' } }, open: {} },
 * });
 * const keeper = createSupervisor();
 * keeper.service('door', actorService(door, { isReady: (snapshot) => snapshot.matches('open') }));
 * ```
 */
export function actorService<TLogic extends AnyActorLogic>(
  logic: TLogic,
  given: ActorServiceOptions<TLogic> = {},
): RunService {
  requireOption('actor.logic', objectWith<AnyActorLogic>('transition', 'getInitialSnapshot'), logic);
  const rules = { input: anything, isReady: optional(callable()), healthOf: optional(callable()) };
  const { input, isReady, healthOf } = resolveOptions<ActorServiceOptions<TLogic>>(
    'actor',
    rules as unknown as Rules<ActorServiceOptions<TLogic>>,
    {},
    given,
  );
  return ({ signal, ready, degraded, notReady }) =>
    new Promise<void>((resolve, reject) => {
      const actor = createActor(logic, { input } as never);
      let told: 'healthy' | 'degraded' | 'unhealthy' | undefined;
      const tell = { healthy: ready, degraded, unhealthy: notReady };
      const follow = (snapshot: SnapshotFrom<TLogic>) => {
        if (told === undefined) {
          if (!(isReady?.(snapshot) ?? true)) return;
          told = 'healthy';
          ready();
        }
        const health = healthOf?.(snapshot) ?? 'healthy';
        if (health === told) return;
        told = health;
        tell[health]();
      };
      actor.subscribe({
        next: (snapshot) => {
          try {
            follow(snapshot as SnapshotFrom<TLogic>);
          } catch (cause) {
            actor.stop();
            reject(cause);
          }
        },
        complete: resolve,
        error: reject,
      });
      signal.addEventListener('abort', () => {
        actor.stop();
        resolve();
      });
      actor.start();
    });
}
