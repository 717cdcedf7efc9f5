import { count, optional, positiveCount, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from '../check/errors.ts';
import type { Resolved } from '../options/resolveProbeOptions.ts';
import { anything, bytes, recordOf, string } from '../options/rules.ts';
import { hostOf } from '../options/urls.ts';
import { type NetworkOptions, networkOf, networkRules } from '../socket/network.ts';
import type { Route } from '../socket/openConnection.ts';
import type { ResolvedProxy } from '../socket/proxy.ts';
import type { ResolvedTls } from '../socket/tlsHandshake.ts';
import { headerNames, methodName } from './httpHeaders.ts';

/** How a probe comes to a web server. */
export interface WebOptions extends NetworkOptions {
  /** The path of a unix socket to ask over; the URL's host and path stand in the request alone. */
  readonly socketPath?: string;
  /**
   * A proxy to go through, `http://user:password@proxy:3128`: it forwards `http:` requests, and tunnels all else. Left out,
   * none; those of the environment are not looked at.
   */
  readonly proxy?: string | URL;
}

/** What a probe asks a web server. */
export interface WebRequestOptions extends WebOptions {
  /** @default 'HEAD' under the preset `godoxy` without rules of the body, else 'GET' */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How much of a body is read, in bytes, after decompression too; a longer one fails if rules judge the body. @default 65536 */
  readonly maxBodyBytes?: number;
  /** How many redirects are followed; each is dialled as the first, by the same `egress`. 0 judges them as they are. @default 0 */
  readonly maxRedirects?: number;
}

export const webRules = {
  ...networkRules,
  socketPath: optional(text),
  proxy: anything as Rule<string | undefined>,
};

export const webRequestRules = {
  ...webRules,
  method: optional(methodName),
  headers: headerNames(recordOf(string)),
  body: optional(bytes),
  maxBodyBytes: positiveCount,
  maxRedirects: count,
};

export const webRequestDefaults = { preset: 'kubernetes', headers: {}, maxBodyBytes: 65_536, maxRedirects: 0 } as const;

/** Returns the way to the server of a URL. */
export function routeTo(
  url: URL,
  settings: Resolved<WebOptions, never>,
  protocols: readonly string[],
  tls: ResolvedTls | undefined,
  proxy: ResolvedProxy | undefined,
): Route {
  const port = Number(url.port) || (tls === undefined ? 80 : 443);
  const { socketPath } = settings;
  return { to: { host: hostOf(url), port, ...networkOf(settings) }, socketPath, proxy, tls, protocols };
}

/**
 * Returns the settings for a URL to which the first one may have redirected: what is pinned is pinned for the first host.
 *
 * @throws a fault of the target, where the way is a unix socket, which serves the first origin alone.
 */
export function hopSettings<TSettings extends Resolved<WebOptions, never>>(
  to: URL,
  first: URL,
  settings: TSettings,
): TSettings {
  if (to.origin === first.origin) return settings;
  if (settings.socketPath !== undefined) throw new TargetFault(`redirected to ${to.origin}, away from the socket`);
  return to.hostname === first.hostname ? settings : { ...settings, address: undefined };
}
