import { isReady, type Supervisor } from '@watchkeeper/core';
import type { Config } from '../config/schema.ts';

/** Upstream of a request: a URL, or none because nothing behind the route is well. */
export type Upstream = { readonly route: string; readonly to: URL | undefined };

/** Finds the upstream of a request: the route with the longest prefix, and of its members the next that is well. */
export class Upstreams {
  readonly #keeper: Pick<Supervisor, 'monitorOf'>;
  readonly #turns = new Map<string, number>();

  constructor(keeper: Pick<Supervisor, 'monitorOf'>) {
    this.#keeper = keeper;
  }

  find({ routes }: Config, target: string): Upstream | undefined {
    const [path = '/', query] = split(target);
    const claims = Object.entries(routes).flatMap(([id, { proxy }]) =>
      proxy !== undefined && (path === proxy || path.startsWith(`${proxy}/`)) ? [{ id, proxy }] : [],
    );
    const [claim] = claims.toSorted((one, other) => other.proxy.length - one.proxy.length);
    if (claim === undefined) return undefined;
    const origin = this.#originOf(routes, claim.id);
    if (origin === undefined) return { route: claim.id, to: undefined };
    const to = new URL(origin);
    // Assigned and not resolved, so that no path of a stranger can name another host.
    to.pathname = path.slice(claim.proxy.length) || '/';
    to.search = query;
    return { route: claim.id, to };
  }

  /** Members take turns; only those that are well get one (INV-72). */
  #originOf(routes: Config['routes'], id: string): string | undefined {
    const route = routes[id];
    const members = route?.of ?? [id];
    const good = members.flatMap((member) => {
      const url = routes[member]?.url;
      const health = this.#keeper.monitorOf(member)?.status.effectiveHealth;
      return url !== undefined && /^https?:/.test(url) && health !== undefined && isReady(health) ? [url] : [];
    });
    const turn = this.#turns.get(id) ?? 0;
    this.#turns.set(id, turn + 1);
    const url = good[turn % good.length];
    return url === undefined ? undefined : new URL(url).origin;
  }
}

function split(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark)];
}
