import type { OptionPath } from './problem.ts';
import type { Config, Route } from './schema.ts';

/** An option that does not fit the others, and the rule it breaks. */
export interface Misfit {
  readonly path: OptionPath;
  readonly rule: string;
}

/** Paths the gateway answers itself. */
export const ownPaths = ['/livez', '/readyz', '/startupz', '/health', '/feed', '/routes', '/alerts'] as const;

/** Names of the routes that a route needs: its members and its dependencies. */
export const restsOn = ({ of = [], dependsOn = [] }: Pick<Route, 'of' | 'dependsOn'>): readonly string[] => [
  ...of,
  ...dependsOn,
];

/** Problems between routes: names that do not exist, circles, and two in one place. */
export function misfits({ routes, alerts }: Config): readonly Misfit[] {
  const found: Misfit[] = [];
  const taken = new Map<string, string>(ownPaths.map((path) => [path, 'the gateway itself']));
  for (const [id, route] of Object.entries(routes)) {
    for (const option of ['of', 'dependsOn', 'notify'] as const) {
      const known = option === 'notify' ? alerts : routes;
      const what = option === 'notify' ? 'destination under alerts' : 'route';
      for (const [place, name] of (route[option] ?? []).entries()) {
        if (!Object.hasOwn(known, name))
          found.push({ path: ['routes', id, option, place], rule: `the name of a ${what}` });
      }
    }
    const owner = route.proxy === undefined ? undefined : taken.get(route.proxy);
    if (owner !== undefined)
      found.push({ path: ['routes', id, 'proxy'], rule: `a path that ${owner} does not answer` });
    else if (route.proxy !== undefined) taken.set(route.proxy, `route ${id}`);
  }
  return found.length > 0 ? found : circles(routes);
}

function circles(routes: Config['routes']): readonly Misfit[] {
  const sound = new Set<string>();
  const search = (id: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(id)) return [...way.slice(way.indexOf(id)), id];
    if (sound.has(id)) return undefined;
    for (const below of restsOn(routes[id] ?? {})) {
      const circle = search(below, [...way, id]);
      if (circle !== undefined) return circle;
    }
    sound.add(id);
    return undefined;
  };
  for (const id of Object.keys(routes)) {
    const circle = search(id, []);
    if (circle === undefined) continue;
    const [first = id, next] = circle;
    const option = routes[first]?.of?.includes(next ?? '') === true ? 'of' : 'dependsOn';
    return [{ path: ['routes', first, option], rule: `free of circles (${circle.join(' → ')})` }];
  }
  return [];
}
