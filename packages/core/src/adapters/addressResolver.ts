/** What a resolver is asked beside the name. */
export interface ResolveOptions {
  /** Only addresses of this family are wanted; undefined, all. */
  readonly family: 4 | 6 | undefined;
  /** Aborts when the check ends. */
  readonly signal: AbortSignal;
}

/**
 * Finds the addresses of a host, the preferred first. A rejection with one of Node's resolver codes (`ENOTFOUND`, …) is a
 * name that does not resolve.
 */
export type AddressResolver = (host: string, options: ResolveOptions) => Promise<readonly string[]>;
