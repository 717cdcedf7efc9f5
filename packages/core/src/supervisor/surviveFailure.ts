import type { ActorLogic, AnyActorScope, AnyEventObject, Snapshot } from 'xstate';
import { endOrphans } from './recovery.ts';
import type { FailureMessage, SupervisorContext, SupervisorMessage } from './supervisorContext.ts';

/** Ways to end after a failure; each asks less of what may be broken than the one before. */
const attempts = ['failure', 'failure.force', 'failure.end'] as const satisfies readonly FailureMessage['type'][];

/**
 * Returns the logic of a supervisor that does not die of an error of its own, which would leave its children to nobody:
 * it is sent the error as a message, and its machine ends in order.
 *
 * @throws what the last attempt threw, when even that fails; its children are ended then.
 */
export function surviveFailure<TLogic extends { readonly transition: unknown }>(logic: TLogic): TLogic {
  const { transition } = logic as unknown as ActorLogic<Snapshot<unknown>, AnyEventObject>;
  const survive = (snapshot: Snapshot<unknown>, during: AnyEventObject, scope: AnyActorScope) => {
    try {
      return transition(snapshot, during, scope);
    } catch (cause) {
      let last: unknown = cause;
      for (const type of attempts) {
        try {
          return transition(snapshot, { type, cause, during }, scope);
        } catch (error) {
          last = error;
        }
      }
      endOrphans((snapshot as unknown as { context: SupervisorContext }).context, during as SupervisorMessage);
      throw last;
    }
  };
  return { ...logic, transition: survive };
}
