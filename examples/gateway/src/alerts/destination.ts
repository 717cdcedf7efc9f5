import type { Alert } from './alert.ts';

/** An HTTP request that tells of an alert. */
export interface AlertRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** Whom alerts are told, and in which words. Pure: it composes and does not send. */
export interface Destination {
  readonly kind: 'webhook' | 'ntfy' | 'gotify' | 'slack';
  compose(alert: Alert): AlertRequest;
}
