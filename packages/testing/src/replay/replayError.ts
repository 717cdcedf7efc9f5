import { WatchkeeperError } from '@watchkeeper/core';

/** A definition does not go the way of a record: it has changed since, or the record is of another machine. */
export class ReplayError extends WatchkeeperError {
  readonly code = 'REPLAY';
}
