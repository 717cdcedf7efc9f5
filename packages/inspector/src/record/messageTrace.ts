import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { TracedMessage } from '../protocol/tracedMessage.ts';

/** Longest trace a page may ask for, in milliseconds. */
export const longestTraceMs = 30_000;

/** Messages that are kept between two ticks; the rest are counted. */
export const messagesKept = 200;

/**
 * Trace of messages between actors, through XState's inspection events, until its time is up. It slows every actor of
 * the program meanwhile, and so it ends by itself.
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

  /** Returns the messages since the last call. */
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
