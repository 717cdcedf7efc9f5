import type { DrainPhase } from '@watchkeeper/core';

export type { DrainPhase };

/** The steps of a drain, in their order. */
export const drainPhases: readonly DrainPhase[] = ['withdraw', 'notice', 'lag', 'goaway', 'grace', 'force', 'join'];
