import { type CompositeOptions, type Composition, type MonitorOptions, monitorDefaults } from '@watchkeeper/core';
import type { Config, Route } from '../config/schema.ts';

/** Options that make a probe. */
export type Question = Pick<Route, 'url' | 'exec' | 'via' | 'fallback' | 'with'>;

/** All that is watched under one id: two are the same if their values are. */
export type Watch = { readonly id: string } & (
  | { readonly kind: 'target'; readonly question: Question; readonly options: Required<MonitorOptions> }
  | { readonly kind: 'composite'; readonly composition: Composition; readonly options: Required<CompositeOptions> }
);

/** The watches of a configuration, in an order in which each needs only those before it. */
export function watchesOf({ routes, defaults }: Config): readonly Watch[] {
  const ordered = new Map<string, Watch>();
  const enter = (id: string): void => {
    const route = routes[id];
    if (route === undefined || ordered.has(id)) return;
    for (const below of [...(route.of ?? []), ...(route.dependsOn ?? [])]) enter(below);
    ordered.set(id, watchOf(id, route, defaults));
  };
  for (const id of Object.keys(routes)) enter(id);
  return [...ordered.values()];
}

function watchOf(id: string, route: Route, defaults: Config['defaults']): Watch {
  const {
    url,
    exec,
    via,
    fallback,
    with: given,
    of,
    need = 'any',
    panicThreshold = 0,
    proxy: _,
    notify: __,
    dependsOn = [],
    ...own
  } = route;
  if (of !== undefined) {
    const { requiredFor = monitorDefaults.requiredFor } = own;
    return {
      id,
      kind: 'composite',
      composition: { of, need },
      options: { requiredFor, dependsOn, tags: own.tags ?? [], panicThreshold },
    };
  }
  const options = { ...monitorDefaults, ...known(defaults), ...known(own), dependsOn };
  return { id, kind: 'target', question: { url, exec, via, fallback, with: given }, options };
}

/** Own, then inherited, then the constant: what is left out gives way (INV-74). */
function known(given: Config['defaults']): MonitorOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
