import type { Destination } from './destination.ts';
import { linesOf, titleOf } from './words.ts';

export interface NtfyOptions {
  /** The server, such as `https://ntfy.sh`. */
  readonly url: string;
  /** Whoever knows it can read it: treat it as a password. */
  readonly topic: string;
  readonly token?: string | undefined;
}

const looks = {
  down: { priority: 4, tags: ['rotating_light'] },
  up: { priority: 3, tags: ['white_check_mark'] },
  both: { priority: 3, tags: ['warning'] },
} as const;

/** Tells the subscribers of an ntfy topic. JSON is published at the root of the server; the topic stands in it. */
export function ntfy({ url, topic, token }: NtfyOptions): Destination {
  return {
    kind: 'ntfy',
    compose: (alert) => ({
      url: new URL('/', url).href,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: { topic, title: titleOf(alert), message: linesOf(alert).join('\n'), ...looks[alert.news] },
    }),
  };
}
