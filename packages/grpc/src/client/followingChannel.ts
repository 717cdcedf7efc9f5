import type { CallStatus } from '../protocol/callStatus.ts';
import type { HealthChannel } from './healthChannel.ts';

/** Input of {@link FollowingChannel}. */
export interface FollowingChannelInput {
  readonly home: string;
  readonly connect: (target: string) => HealthChannel;
  /** Returns the target to go to when a server names `uri`; `undefined` stays. */
  readonly redirect: (uri: string, target: string) => string | undefined;
}

/** A channel that goes where the end of a Watch points, and home again when it is not answered there. */
export class FollowingChannel implements HealthChannel {
  readonly #input: FollowingChannelInput;
  #target: string;
  #current: HealthChannel;

  constructor(input: FollowingChannelInput) {
    this.#input = input;
    this.#target = input.home;
    this.#current = input.connect(input.home);
  }

  check(...call: Parameters<HealthChannel['check']>): ReturnType<HealthChannel['check']> {
    return this.#current.check(...call);
  }

  watch(service: string, { heard, ended }: Parameters<HealthChannel['watch']>[1]): () => void {
    const { home } = this.#input;
    let isAnswered = false;
    const cancel = this.#current.watch(service, {
      heard: (status) => {
        isAnswered = true;
        heard(status);
      },
      ended: (how) => {
        const target = isAnswered ? this.#redirected(how) : home;
        this.#moveTo(target);
        ended(how);
      },
    });
    return () => {
      cancel();
      // Given up for its silence.
      if (!isAnswered) this.#moveTo(home);
    };
  }

  onceDisconnected(react: () => void): () => void {
    return this.#current.onceDisconnected(react);
  }

  close(): void {
    this.#current.close();
  }

  #redirected({ hint }: CallStatus): string {
    const uri = hint?.uri;
    return (uri === undefined ? undefined : this.#input.redirect(uri, this.#input.home)) ?? this.#target;
  }

  #moveTo(target: string): void {
    if (target === this.#target) return;
    this.#target = target;
    this.#current.close();
    this.#current = this.#input.connect(target);
  }
}
