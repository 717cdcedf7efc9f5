import type { Composition, Health } from '@watchkeeper/core';
import { healths, InvalidOptionError } from '@watchkeeper/core';
import { callable, flag, needRule, optional, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { HttpRequest } from '../listener.ts';

/** How one group is served. Every option may be left out. */
export interface GroupOptions {
  /**
   * The path that it is asked for at; must be another for each group and question.
   * @default `/health/` and its name
   */
  readonly path?: string | undefined;
  /**
   * Whether a request may read the state of each member. A function is called on every request for the group, and must not
   * throw.
   * @default `details` of the routes
   */
  readonly details?: boolean | ((request: HttpRequest) => boolean) | undefined;
  /**
   * The HTTP status of each health that is to have another than it has by default.
   * @default 200 for healthy, degraded and paused, 503 for all others
   */
  readonly status?: Readonly<Partial<Record<Health, number>>>;
  /**
   * How many of its members must be good.
   * @default as its composite says, and all where it is a tag
   */
  readonly need?: Composition['need'] | undefined;
}

/** Groups by their names: ids of composites or monitors, or tags. */
export type Groups = Readonly<Record<string, GroupOptions>>;

export const groupsRule: Rule<Groups> = {
  is: 'an object of options by the name of a group, which is not empty',
  accepts: (value): value is Groups =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, ''),
};

export const pathRule: Rule<string> = {
  is: 'a path that begins with a slash, without a query',
  accepts: (value): value is string => typeof value === 'string' && /^\/[^?#\s]*$/.test(value),
};

type Details = boolean | ((request: HttpRequest) => boolean);

const details: Rule<Details> = {
  is: 'true, false or a function',
  accepts: (value): value is Details => flag.accepts(value) || callable().accepts(value),
};

const statusMap: Rule<NonNullable<GroupOptions['status']>> = {
  is: `an object with a status from 200 to 599 for some of ${healths.join(', ')}`,
  accepts: (value): value is NonNullable<GroupOptions['status']> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([health, status]) =>
        (healths as readonly string[]).includes(health) && Number.isInteger(status) && status >= 200 && status <= 599,
    ),
};

const rules: Rules<GroupOptions> = {
  path: optional(pathRule),
  details: optional(details),
  status: statusMap,
  need: optional(needRule),
};

const defaults = {
  path: undefined,
  details: undefined,
  status: {},
  need: undefined,
} as const satisfies Required<GroupOptions>;

/** @throws `InvalidOptionError` where two groups, or a group and a question, would be asked for at one path. */
export function requireDifferentPaths(
  option: string,
  groups: readonly ResolvedGroup[],
  others: readonly string[],
): void {
  const taken = new Set(others);
  for (const { name, path } of groups) {
    if (taken.has(path)) throw new InvalidOptionError(`${option}.${name}.path`, 'a path that nothing else has', path);
    taken.add(path);
  }
}

/** A group whose options are complete and checked. */
export interface ResolvedGroup {
  readonly name: string;
  readonly path: string;
  readonly details: (request: HttpRequest) => boolean;
  readonly status: Readonly<Partial<Record<Health, number>>>;
  readonly need: Composition['need'] | undefined;
}

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveGroups(
  option: string,
  given: Groups,
  shared: Pick<ResolvedGroup, 'details'>,
): readonly ResolvedGroup[] {
  return Object.entries(given).map(([name, own]) => {
    const { path, details, status, need } = resolveOptions<Required<GroupOptions>>(
      `${option}.${name}`,
      rules,
      defaults,
      own,
    );
    return {
      name,
      path: path ?? `/health/${encodeURIComponent(name)}`,
      details: typeof details === 'boolean' ? () => details : (details ?? shared.details),
      status,
      need,
    };
  });
}
