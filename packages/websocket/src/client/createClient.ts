import type { Health, HealthNotice, Notice } from '@watchkeeper/core';
import { type Rule, requireOption } from '@watchkeeper/core/options';
import { Observable, Subject } from 'rxjs';
import { type Actor, createActor } from 'xstate';
import { type ClientOutput, clientMachine } from './clientMachine.ts';
import { type ClientOptions, requireTopics, resolveClientOptions } from './clientOptions.ts';
import type { EntriesFrame, MissedFrame, ReceivedFrame, SnapshotFrame } from './frame.ts';

/** State of a client. `leaving`: connected, after a goaway. `waiting`: until it connects again. */
export type ClientState = 'connecting' | 'open' | 'leaving' | 'waiting' | 'stopped';

/** A lasting connection to a hub. */
export interface Client {
  readonly state: ClientState;
  /** The present state, then each change, then completion when the client has stopped. */
  readonly state$: Observable<ClientState>;
  /** The latest notice of each topic, then each new one; one that was known before a reconnect is not repeated. */
  readonly notices$: Observable<Notice>;
  /** Batches of entries as they come; after a reconnection first those that were published meanwhile, if the hub keeps them. */
  readonly entries$: Observable<EntriesFrame>;
  /** After a reconnection to a hub that no longer keeps what was published meanwhile: entries may be missing. */
  readonly missed$: Observable<MissedFrame>;
  /** The latest value of each topic, then each new one. */
  readonly snapshots$: Observable<SnapshotFrame>;
  /** Resolves once, when the client has stopped: by {@link Client.close}, or because the server wants it to. */
  readonly stopped: Promise<ClientOutput>;
  /** @returns the latest health of a topic, by default of the whole program; `undefined` before the first. */
  healthOf(topic?: string): Health | undefined;
  /**
   * Reads these topics from now on, and again after every reconnect; without any, all.
   * @throws `InvalidOptionError` when `topics` is no list of strings.
   */
  subscribe(topics?: readonly string[]): void;
  /** Connects now instead of at the end of the wait. */
  retry(): void;
  /** Ends the connection for good. */
  close(): void;
}

/**
 * Connects to a hub, in a browser or anywhere else that has WebSockets, and stays connected.
 *
 * @throws `InvalidOptionError` for an address or option that breaks its rule.
 * @example
 * ```ts
 * import { createClient } from '@watchkeeper/websocket/client';
 *
 * const client = createClient('wss://status.example/feed', { topics: ['', 'db'] });
 * client.notices$.subscribe((notice) => console.log(notice));
 * ```
 */
export function createClient(url: string, options?: ClientOptions): Client {
  requireOption('client.url', urlRule, url);
  return new ClientHandle(url, options);
}

const urlRule: Rule<string> = {
  is: 'a ws: or wss: URL',
  accepts: (value): value is string => typeof value === 'string' && URL.canParse(value) && /^wss?:/.test(value),
};

/** Handle of one client actor. */
class ClientHandle implements Client {
  readonly stopped: Promise<ClientOutput>;
  readonly #actor: Actor<typeof clientMachine>;
  readonly #latest = new Map<string, HealthNotice>();
  readonly #values = new Map<string, SnapshotFrame>();
  readonly #notices = new Subject<Notice>();
  readonly #entries = new Subject<EntriesFrame>();
  readonly #missed = new Subject<MissedFrame>();
  readonly #snapshots = new Subject<SnapshotFrame>();

  constructor(url: string, given: ClientOptions | undefined) {
    const options = resolveClientOptions(given);
    const receive = (frame: ReceivedFrame) => this.#receive(frame);
    this.#actor = createActor(clientMachine, { clock: options.clock, input: { url, options, receive } });
    this.stopped = new Promise((resolve) => {
      this.#actor.subscribe({
        complete: () => {
          for (const subject of [this.#notices, this.#entries, this.#missed, this.#snapshots]) subject.complete();
          const { output } = this.#actor.getSnapshot();
          if (output !== undefined) resolve(output);
        },
      });
    });
    this.#actor.start();
  }

  get state(): ClientState {
    const { value } = this.#actor.getSnapshot();
    return typeof value === 'object' ? value.linked : value;
  }

  get state$(): Observable<ClientState> {
    return new Observable((subscriber) => {
      let last = this.state;
      subscriber.next(last);
      const look = () => {
        if (this.state === last) return;
        last = this.state;
        subscriber.next(last);
      };
      const complete = () => {
        look();
        subscriber.complete();
      };
      return this.#actor.subscribe({ next: look, complete });
    });
  }

  get notices$(): Observable<Notice> {
    return presentFirst<Notice>(() => this.#latest.values(), this.#notices);
  }

  get entries$(): Observable<EntriesFrame> {
    return this.#entries.asObservable();
  }

  get missed$(): Observable<MissedFrame> {
    return this.#missed.asObservable();
  }

  get snapshots$(): Observable<SnapshotFrame> {
    return presentFirst(() => this.#values.values(), this.#snapshots);
  }

  healthOf(topic = ''): Health | undefined {
    return this.#latest.get(topic)?.health;
  }

  subscribe(topics?: readonly string[]): void {
    requireTopics(topics);
    this.#send({ type: 'subscribe', topics });
  }

  retry(): void {
    this.#send({ type: 'retry' });
  }

  close(): void {
    this.#send({ type: 'close' });
  }

  #send(command: Parameters<Actor<typeof clientMachine>['send']>[0]): void {
    if (this.#actor.getSnapshot().status === 'active') this.#actor.send(command);
  }

  #receive(frame: ReceivedFrame): void {
    if (frame.type === 'health') this.#receiveHealth(frame);
    else if (frame.type === 'entries') this.#entries.next(frame);
    else if (frame.type === 'goaway') this.#notices.next(frame);
    else if (frame.type === 'missed') this.#missed.next(frame);
    else {
      this.#values.set(frame.topic, frame);
      this.#snapshots.next(frame);
    }
  }

  /** A hub sends the present state again after each connect: only what differs is passed on. */
  #receiveHealth(notice: HealthNotice): void {
    const known = this.#latest.get(notice.topic);
    this.#latest.set(notice.topic, notice);
    if (known?.seq !== notice.seq || known.at !== notice.at) this.#notices.next(notice);
  }
}

function presentFirst<TFrame>(present: () => Iterable<TFrame>, changes: Subject<TFrame>): Observable<TFrame> {
  return new Observable((subscriber) => {
    for (const frame of [...present()]) subscriber.next(frame);
    return changes.subscribe(subscriber);
  });
}
