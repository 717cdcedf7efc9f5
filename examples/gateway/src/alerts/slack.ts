import type { Destination } from './destination.ts';
import { linesOf, titleOf } from './words.ts';

export interface SlackOptions {
  /** The whole incoming webhook; it is itself the secret. */
  readonly url: string;
}

const colors = { down: 'danger', up: 'good', both: 'warning' } as const;

/** Slack reads `<…>` as a link or a mention of everybody, and `&` as the start of an entity. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Tells a channel by an incoming webhook of Slack, or of what takes Slack's: Mattermost, Rocket.Chat, Discord's `/slack`. */
export function slack({ url }: SlackOptions): Destination {
  return {
    kind: 'slack',
    compose: (alert) => {
      const title = escapeText(titleOf(alert));
      const text = escapeText(linesOf(alert).join('\n'));
      return {
        url,
        headers: {},
        body: { text: title, attachments: [{ color: colors[alert.news], fallback: text, text }] },
      };
    },
  };
}
