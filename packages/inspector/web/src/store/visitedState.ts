/** A state the watched actor was in, and since when. */
export type VisitedState = { readonly at: number; readonly paths: readonly string[]; readonly words: string };
