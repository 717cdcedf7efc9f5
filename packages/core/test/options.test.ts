import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainRules, resolveDrainOptions } from '../src/drain/drainOptions.ts';
import {
  createSupervisor,
  drainDefaults,
  InvalidOptionError,
  monitorDefaults,
  notifierDefaults,
} from '../src/index.ts';
import { monitorRules, resolveMonitorOptions } from '../src/monitor/monitorOptions.ts';
import { notifierRules, resolveNotifierOptions } from '../src/notifier/notifierOptions.ts';
import type { Rule } from '../src/options.ts';
import { supervisorRules } from '../src/supervisor/supervisorOptions.ts';

const kinds: readonly (readonly [string, object, (options: never) => unknown])[] = [
  ['monitor', monitorRules, (options) => resolveMonitorOptions(options)],
  ['notifier', notifierRules, (options) => resolveNotifierOptions(options)],
  ['drain', drainRules, (options) => resolveDrainOptions(options)],
  ['supervisor', supervisorRules, (options) => createSupervisor(options)],
];

const every = kinds.flatMap(([owner, rules, resolve]) =>
  Object.entries<Rule<unknown>>(rules as never).map(
    ([name, rule]) => [`${owner}.${name}`, name, rule, resolve] as const,
  ),
);

const anything = fc.oneof(
  fc.anything(),
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 31,
    Number.MAX_SAFE_INTEGER + 1,
    '',
    'x',
    null,
    true,
  ),
);

describe('options', () => {
  it.each(every)(
    '%s: a value that breaks its rule is refused by option, rule and value',
    (option, name, rule, resolve) => {
      const wrong = anything.filter((value) => value !== undefined && !rule.accepts(value));
      fc.assert(
        fc.property(wrong, (value) => {
          try {
            resolve({ [name]: value } as never);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidOptionError);
            const { option: named, rule: said, received } = error as InvalidOptionError;
            // A wrong shape of nested options may be refused at one of its own names.
            expect(named === option || named.startsWith(name)).toBe(true);
            if (named === option) {
              expect(said).toBe(rule.is);
              expect(received).toBe(value);
            }
            return;
          }
          throw new Error(`${option} took ${String(value)}`);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each(kinds)(
    '%s: an option left out or undefined takes its default, and a misspelt one is refused',
    (owner, rules, resolve) => {
      expect(() => resolve({} as never)).not.toThrow();
      for (const name of Object.keys(rules)) expect(() => resolve({ [name]: undefined } as never)).not.toThrow();
      expect(() => resolve({ intervallMs: 1 } as never)).toThrow(
        expect.objectContaining({ option: `${owner}.intervallMs` }),
      );
      expect(() => resolve('fast' as never)).toThrow(InvalidOptionError);
    },
  );

  it('fill in own, then inherited, then default (INV-74)', () => {
    const inherited = resolveMonitorOptions({ intervalMs: 500, timeoutMs: 100 });
    expect(resolveMonitorOptions({ timeoutMs: 50 }, inherited)).toEqual({
      ...monitorDefaults,
      intervalMs: 500,
      timeoutMs: 50,
    });
    expect(resolveMonitorOptions(undefined, inherited)).toBe(inherited);
    expect(resolveNotifierOptions(undefined)).toBe(notifierDefaults);
  });

  it('refuse a drain whose phases do not fit into its deadline', () => {
    expect(() => resolveDrainOptions({ noticeMs: 20_000 })).toThrow(
      'Expected `drain.deadlineMs` to be at least noticeMs + graceMs (30000), got 25000',
    );
    expect(resolveDrainOptions({ noticeMs: 15_000 })).toEqual({ ...drainDefaults, noticeMs: 15_000 });
  });

  it('of a supervisor are checked at every depth', () => {
    expect(() => createSupervisor({ monitor: { intervalMs: -1 } })).toThrow('`monitor.intervalMs`');
    expect(() => createSupervisor({ notifier: { maxPending: 0 } })).toThrow('`notifier.maxPending`');
    expect(() => createSupervisor({ drain: { graceMs: Number.NaN } })).toThrow('`drain.graceMs`');
    expect(() => createSupervisor({ clock: {} as never })).toThrow('`supervisor.clock`');
  });
});

describe('resolved options', () => {
  it('of one kind share one shape, whichever of them were given', () => {
    setFlagsFromString('--allow-natives-syntax');
    const sameShape = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (...pair: object[]) => boolean;
    const first = resolveMonitorOptions({});
    for (const given of [{}, { intervalMs: 1_000 }, { timeoutMs: 50, intervalMs: 100 }, { jitter: 0 }]) {
      expect(sameShape(first, resolveMonitorOptions(given))).toBe(true);
    }
  });
});

describe('an option that there is not', () => {
  it.each([
    ['intervallMs', 'intervalMs'],
    ['interval', 'intervalMs'],
    ['INTERVALMS', 'intervalMs'],
    ['timeout', 'timeoutMs'],
    ['requierdFor', 'requiredFor'],
    ['dependOn', 'dependsOn'],
  ])('is called unknown, with the name that was likely meant: %s, %s', (written, meant) => {
    expect(() => resolveMonitorOptions({ [written]: 1 })).toThrow(
      `Unknown option \`monitor.${written}\`; did you mean \`${meant}\`?`,
    );
  });

  it('is called unknown alone where none is near, however long it is', () => {
    expect(() => resolveMonitorOptions({ colour: 1 } as never)).toThrow(/^Unknown option `monitor\.colour`$/);
    const long = 'x'.repeat(1_000_000);
    expect(() => resolveMonitorOptions({ [long]: 1 } as never)).toThrow(/^Unknown option `monitor\.x{100}`$/);
  });

  it('is refused where it cannot be read, and read once where it can', () => {
    const throwing = Object.defineProperty({}, 'intervalMs', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(() => resolveMonitorOptions(throwing)).toThrow(InvalidOptionError);
    let reads = 0;
    const changing = Object.defineProperty({}, 'intervalMs', {
      enumerable: true,
      get: () => {
        reads += 1;
        return reads === 1 ? 1_000 : -1;
      },
    });
    expect(resolveMonitorOptions(changing).intervalMs).toBe(1_000);
  });
});
