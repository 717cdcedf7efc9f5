import { WatchkeeperError } from '@watchkeeper/core';

/** The check itself broke, so nothing is known of the target. Look at this machine, or at the probe's options. */
export class CheckBrokenError extends WatchkeeperError {
  readonly code = 'CHECK_BROKEN';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

export { EgressDeniedError } from '@watchkeeper/core/adapters';

/** A fault of the target; its message is the detail of the verdict. Never leaves this package. */
export class TargetFault extends Error {}
