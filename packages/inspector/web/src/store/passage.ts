/** A state the watched actor was in, and since when. */
export type Passage = { readonly at: number; readonly paths: readonly string[]; readonly words: string };
