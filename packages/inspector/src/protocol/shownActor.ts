import type { ActorView } from '@watchkeeper/core';

/** Kind of an actor that is shown. `actor` is one of a plain XState program; the id of its machine follows where it is known. */
export type ShownKind = ActorView['kind'] | 'actor' | `actor:${string}`;

/** Whether actors of this kind belong to a plain XState program. */
export const isForeign = (kind: ShownKind): boolean => kind === 'actor' || kind.startsWith('actor:');

/** One actor as the inspector shows it. */
export type ShownActor = Omit<ActorView, 'kind'> & { readonly kind: ShownKind };
