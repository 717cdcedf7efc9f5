import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { TracedMessage } from '../protocol/tracedMessage.ts';

/** The longest that a page may have messages traced, in milliseconds. */
export const longestTraceMs = 30_000;

/** Messages that are kept between two looks; the rest are counted. */
export const messagesKept = 200;

/**
 * Traces who tells whom what, through XState's own inspection events, until its time is up. Every actor of the program
 * pays meanwhile: this is why it ends by itself.
 */
export class MessageTrace {
  readonly endsAt: number;
  readonly #leave: () => void;
  #messages: TracedMessage[] = [];
  #dropped = 0;

  /** @param actorId whose messages are kept, sent or received; of the supervisor all. */
  constructor(supervisor: Pick<InspectedSupervisor, 'inspect'>, actorId: string, now: () => number, forMs: number) {
    this.endsAt = now() + Math.min(longestTraceMs, forMs);
    const leave = supervisor.inspect?.(({ type, actorRef, sourceRef, event }) => {
      if (type !== '@xstate.event' || event === undefined || actorRef === undefined) return;
      const isOwn = actorId === 'supervisor' || isActor(actorRef, actorId) || isActor(sourceRef, actorId);
      if (!isOwn) return;
      if (this.#messages.length >= messagesKept) this.#dropped += 1;
      else {
        const from = nameOf(sourceRef);
        this.#messages.push({ at: now(), ...(from === '' ? {} : { from }), to: nameOf(actorRef), type: event.type });
      }
    });
    this.#leave = leave ?? (() => {});
  }

  /** What came since the last call. */
  take(): { readonly messages: readonly TracedMessage[]; readonly dropped: number } {
    const taken = { messages: this.#messages, dropped: this.#dropped };
    this.#messages = [];
    this.#dropped = 0;
    return taken;
  }

  end(): void {
    this.#leave();
  }
}

type Ref = { readonly id?: string; readonly sessionId?: string };

const isActor = (ref: Ref | undefined, actorId: string): boolean => ref?.id === actorId || ref?.sessionId === actorId;

const nameOf = (ref: Ref | undefined): string => ref?.id ?? ref?.sessionId ?? '';
