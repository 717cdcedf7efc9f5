import { WatchkeeperError } from '@watchkeeper/core';

/** Limits of a hub that a client can break by its messages. */

/** A client broke a limit of its hub and was closed with 1008. Raise the limit, or mend the client. */
export class ClientLimitError extends WatchkeeperError {
  readonly code = 'CLIENT_LIMIT';
  /** The hub option that holds the limit. */
  readonly option: 'maxMessagesPerSecond' | 'maxTopics' | 'maxTopicLength';

  constructor(option: ClientLimitError['option'], limit: number) {
    super(`A client went past the hub's \`${option}\` of ${limit}`);
    this.option = option;
  }
}

/** A client subscribed to a topic that `maxSessionsPerTopic` others follow already, and was closed with 1013. */
export class TopicFullError extends WatchkeeperError {
  readonly code = 'TOPIC_FULL';

  constructor() {
    super('A client subscribed to a topic that no more may follow: raise the supervisor’s `maxSessionsPerTopic`');
  }
}
