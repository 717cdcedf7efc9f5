import { type ChannelOptions, experimental, Metadata } from '@grpc/grpc-js';
import { statusCode } from '../protocol/callStatus.ts';
import type { ServerAddress } from './targetAddresses.ts';

/** Finds the addresses of a channel's server, each time it wants to connect. */
export type FindAddresses = (signal: AbortSignal) => Promise<readonly ServerAddress[]>;

/** The scheme of targets whose addresses we find, so that look-ups are shared and an egress policy is obeyed. */
const scheme = 'watchkeeper';

/** The channel option that says how. */
const optionName = 'watchkeeper.find_addresses';

/** How long what was found is good, in milliseconds: grpc-js asks again with every address that fails. */
const goodForMs = 30_000;

/** A resolver of grpc-js that leaves the finding to us. */
class OwnResolver implements experimental.Resolver {
  readonly #target: string;
  readonly #listener: experimental.ResolverListener;
  readonly #find: FindAddresses;
  #pending: AbortController | undefined;
  /** Runs while what was found is good. */
  #good: NodeJS.Timeout | undefined;
  #isAskedAgain = false;

  constructor({ path }: experimental.GrpcUri, listener: experimental.ResolverListener, options: ChannelOptions) {
    this.#target = path;
    this.#listener = listener;
    this.#find = options[optionName] as FindAddresses;
  }

  updateResolution(): void {
    if (this.#good !== undefined) this.#isAskedAgain = true;
    if (this.#pending || this.#good !== undefined) return;
    const asked = new AbortController();
    this.#pending = asked;
    this.#find(asked.signal).then(
      (found) =>
        this.#report(asked, experimental.statusOrFromValue(found.map((address) => ({ addresses: [address] })))),
      (error: unknown) => {
        const details = `Name resolution failed for target ${this.#target}: ${(error as Error).message}`;
        const status = { code: statusCode.unavailable, details, metadata: new Metadata() };
        this.#report(asked, experimental.statusOrFromError(status));
      },
    );
  }

  destroy(): void {
    this.#pending?.abort();
    this.#pending = undefined;
    clearTimeout(this.#good);
    this.#good = undefined;
    this.#isAskedAgain = false;
  }

  #report(asked: AbortController, found: experimental.StatusOr<experimental.Endpoint[]>): void {
    if (this.#pending !== asked) return;
    this.#pending = undefined;
    this.#good = setTimeout(() => this.#expire(), goodForMs).unref();
    this.#listener(found, {}, null, '');
  }

  #expire(): void {
    this.#good = undefined;
    if (!this.#isAskedAgain) return;
    this.#isAskedAgain = false;
    this.updateResolution();
  }

  static getDefaultAuthority({ path }: experimental.GrpcUri): string {
    return path;
  }
}

experimental.registerResolver(scheme, OwnResolver);

/** Returns the target and the options of a channel whose addresses `find` finds. */
export function ownTarget(authority: string, find: FindAddresses): { target: string; options: ChannelOptions } {
  return { target: `${scheme}:${authority}`, options: { [optionName]: find, 'grpc.default_authority': authority } };
}
