import type { Notice } from '@watchkeeper/core';
import { type Rule, requireOption } from '@watchkeeper/core/options';
import { createActor, toPromise } from 'xstate';
import type { SseWatchEvent, WatchEnd } from './watchSseEvents.ts';
import { watchSseMachine } from './watchSseMachine.ts';
import { resolveWatchSseOptions, type WatchSseOptions } from './watchSseOptions.ts';

/** Handle of a watched feed. */
export interface SseWatch extends Disposable {
  /** State of its connection. */
  readonly state: 'connecting' | 'open' | 'waiting' | 'closed';
  /** Resolves once, with the reason, when nothing more will come. Never rejects. */
  readonly closed: Promise<WatchEnd>;
  /** Ends the watch. Harmless twice. */
  close(): void;
}

const urlRule: Rule<string> = {
  is: 'an absolute URL of http or https',
  accepts: (value): value is string =>
    typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
};

/**
 * Follows a feed of `sseFeed`, for as long as there is one: in a browser as in Node.
 *
 * Unlike a browser's EventSource it survives every status but 204 and 410, doubles its wait with each failure, waits as
 * `retry:` and `Retry-After` ask, notices a connection that died in silence, and leaves when a goaway comes: it connects
 * to the address and at the time that the goaway names, if it names them and `follows` allows it.
 *
 * @param url address of the feed; must be absolute.
 * @throws `InvalidOptionError` for a URL or option that breaks its rule.
 * @example
 * ```ts
 * import { watchSse } from '@watchkeeper/http/client';
 *
 * using watch = watchSse('https://orders.example/feed', {
 *   onNotice: (notice) => console.log(notice),
 * });
 * ```
 */
export function watchSse(url: string, given: WatchSseOptions): SseWatch {
  requireOption('watchSse.url', urlRule, url);
  const options = resolveWatchSseOptions(given);
  // Foreign code runs outside of the machine's transitions, and in the order of the events.
  const tell = (event: SseWatchEvent) =>
    queueMicrotask(() => {
      try {
        options.report(event);
      } catch {
        // There is nobody left to tell.
      }
    });
  const deliver = (notice: Notice) =>
    queueMicrotask(() => {
      try {
        options.onNotice(notice);
      } catch (cause) {
        tell({ type: 'failed', cause });
      }
    });
  const actor = createActor(watchSseMachine, { clock: options.clock, input: { url, options, deliver, tell } });
  const closed = toPromise(actor);
  actor.start();
  const close = () => {
    if (actor.getSnapshot().status === 'active') actor.send({ type: 'close' });
  };
  return {
    get state() {
      const { value } = actor.getSnapshot();
      return typeof value === 'object' ? value.connected : value;
    },
    closed,
    close,
    [Symbol.dispose]: close,
  };
}
