import type { Destination } from './destination.ts';
import { linesOf, titleOf } from './words.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Tells any program that takes JSON. A try that was heard although its answer was lost comes twice, with the same
 * `Idempotency-Key`.
 */
export function webhook({ url, headers = {} }: WebhookOptions): Destination {
  return {
    kind: 'webhook',
    compose: (alert) => ({
      url,
      headers: { 'idempotency-key': `${alert.outage}:${alert.news}`, ...headers },
      body: { version: 1, ...alert, title: titleOf(alert), message: linesOf(alert).join('\n') },
    }),
  };
}
