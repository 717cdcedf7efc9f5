/** An alert did not reach its destination. Its message holds neither URL, header nor body, which may be secret. */
export class DeliveryError extends Error {
  readonly code = 'DELIVERY_FAILED';
  override readonly name = 'DeliveryError';
  /** Whether trying again can help. */
  readonly isFinal: boolean;
  /** How long the destination asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, given: { readonly isFinal?: boolean; readonly retryAfterMs?: number | undefined } = {}) {
    super(message);
    this.isFinal = given.isFinal ?? false;
    this.retryAfterMs = given.retryAfterMs;
  }
}
