import type { ActorView } from '@watchkeeper/core';

/** The kinds of actor that are shown; `actor` is one of a plain XState program, of a machine where that is named. */
export type ShownKind = ActorView['kind'] | 'actor' | `actor:${string}`;

/** Whether actors of this kind run a definition that is not ours. */
export const isForeign = (kind: ShownKind): boolean => kind === 'actor' || kind.startsWith('actor:');

/** One actor as the inspector sees it. */
export type ShownActor = Omit<ActorView, 'kind'> & { readonly kind: ShownKind };
