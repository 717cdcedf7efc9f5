/** A value that can be shown to anybody who may see the page. */
export type Shown = null | boolean | number | string | readonly Shown[] | { readonly [key: string]: Shown };
