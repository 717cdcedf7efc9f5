import type { Destination } from './destination.ts';
import { linesOf, titleOf } from './words.ts';

export interface GotifyOptions {
  /** The server, with its path if it has one. */
  readonly url: string;
  /** The token of an application, not of a client. */
  readonly token: string;
}

/** From 0 to 10; from 8 on, its apps make a sound. */
const priorities = { down: 8, up: 5, both: 5 } as const;

/** Tells the users of a gotify server. */
export function gotify({ url, token }: GotifyOptions): Destination {
  return {
    kind: 'gotify',
    compose: (alert) => ({
      url: `${url.replace(/\/+$/, '')}/message`,
      headers: { 'x-gotify-key': token },
      body: {
        title: titleOf(alert),
        message: linesOf(alert).join('\n'),
        priority: priorities[alert.news],
        extras: { 'client::display': { contentType: 'text/plain' } },
      },
    }),
  };
}
