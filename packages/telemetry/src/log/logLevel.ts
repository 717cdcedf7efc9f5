import type { EventLevel } from '@watchkeeper/core/events';

/** How much an event calls for a person; `silent` is not logged. */
export type LogLevel = EventLevel | 'silent';

export { levelOf } from '@watchkeeper/core/events';
