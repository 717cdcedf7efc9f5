import { WatchkeeperError } from '@watchkeeper/core';

/** The check itself broke, so nothing is known of the target. Look at this machine, or at the probe's options. */
export class CheckBrokenError extends WatchkeeperError {
  readonly code = 'CHECK_BROKEN';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** Every address of the target is forbidden by the probe's egress policy. Change the policy or the target. */
export class EgressDeniedError extends WatchkeeperError {
  readonly code = 'EGRESS_DENIED';
  /** The address, or the name whose addresses were all refused. */
  readonly host: string;

  constructor(host: string) {
    super(`The egress policy denies ${host}`);
    this.host = host;
  }
}

/** A fault of the target; its message is the detail of the verdict. Never leaves this package. */
export class TargetFault extends Error {}
