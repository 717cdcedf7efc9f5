import { WatchkeeperError } from '@watchkeeper/core';
import { textOf } from '@watchkeeper/core/adapters';
import { InvalidOptionError } from '@watchkeeper/core/options';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exported, plainFunctions, publicCalls } from './publicCalls.ts';

/** Values that are nothing of the kind, whatever the kind. */
const strangers: readonly (readonly [string, () => unknown])[] = [
  ['null', () => null],
  ['a number', () => 3],
  ['a bigint', () => 3n],
  ['a symbol', () => Symbol('s')],
  ['an empty string', () => ''],
  ['an array', () => []],
  ['an object of nothing', () => ({})],
  ['an object without a prototype', () => Object.create(null)],
  ['an error', () => new Error('no')],
  ['a promise', () => Promise.resolve()],
  ['a revoked proxy', revoked],
  ['a proxy whose traps throw', thrower],
  ['an object whose getters throw', () => Object.defineProperty({}, 'name', { enumerable: true, get: refuse })],
];

const isBare = (stranger: string): boolean => /object of nothing|without a prototype|an error|a promise/.test(stranger);

function refuse(): never {
  throw new Error('not to be read');
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function thrower(): unknown {
  return new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse });
}

const rejections: unknown[] = [];
const note = (reason: unknown) => void rejections.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => void process.off('unhandledRejection', note));

/** Calls, waits for what comes of it, and returns what it threw or rejected with. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const every = Object.entries(publicCalls);

describe('every public function', () => {
  it('stands in the table, and nothing else does', () => {
    const tabled = [...Object.keys(publicCalls).filter((name) => /^[a-z]/.test(name)), ...plainFunctions];
    expect([...new Set(tabled)].sort()).toEqual([...new Set(exported)].sort());
  });

  it.each(every)('%s takes what is right', async (_name, { call, right }) => {
    expect(await failureOf(() => call(...(right() as never[])))).toBeUndefined();
  });

  it.each(every)(
    '%s refuses by a typed error what is nothing of the kind, and leaves no rejection',
    async (_name, entry) => {
      const { call, right, optionsAt, freeAt = [] } = entry;
      const failures: string[] = [];
      for (let index = 0; index < right().length; index += 1) {
        for (const [stranger, make] of strangers) {
          const given = right().map((value, at) => (at === index ? make() : value));
          const failure = await failureOf(() => call(...(given as never[])));
          if (failure instanceof WatchkeeperError) continue;
          // Whatever has no own names is an object of options, without any.
          const mayPass = freeAt.includes(index) || (optionsAt.includes(index) && isBare(stranger));
          if (failure === undefined && mayPass) continue;
          failures.push(`${stranger} as argument ${index}: ${failure === undefined ? 'taken' : textOf(failure)}`);
        }
      }
      expect(failures).toEqual([]);
      expect(rejections.splice(0)).toEqual([]);
    },
  );

  it.each(every.filter(([, { optionsAt }]) => optionsAt.length > 0))(
    '%s refuses options that it does not know',
    async (_name, { call, right, optionsAt }) => {
      for (const index of optionsAt) {
        const given = right().map((value, at) => (at === index ? { ...(value as object), denny: 1 } : value));
        const failure = await failureOf(() => call(...(given as never[])));
        expect(failure).toBeInstanceOf(InvalidOptionError);
        expect((failure as Error).message).toMatch(/^Unknown option `.*denny`/);
      }
    },
  );

  it('leave no listener of a signal behind, which would end this process at the next one', async () => {
    const { call, right } = publicCalls['onSignals'] as (typeof publicCalls)[string];
    await call(...(right() as never[]));
    expect(process.listenerCount('SIGUSR2')).toBe(0);
  });
});
