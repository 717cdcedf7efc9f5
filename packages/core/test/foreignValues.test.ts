import { summaryOf } from '@watchkeeper/core/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describe as describeValue, messageOf, textOf } from '../src/foreignText.ts';
import { defineProbe, type Probe } from '../src/index.ts';
import { isVerdict, readVerdict } from '../src/model/verdict.ts';
import { foreignValues } from './support/foreignValues.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** Only names are given to the test runner, which prints what it is given. */
const names = foreignValues.map(([name]) => name);
const foreign = (wanted: string): unknown => foreignValues.find(([name]) => name === wanted)?.[1];

/** Those that can be answered: a promise asks what it is given for its `then`. */
const answers = names.filter((name) => {
  try {
    (foreign(name) as { then?: unknown } | undefined)?.then;
    return true;
  } catch {
    return false;
  }
});

/** Watches one target by `probe` for one check, and returns what is known then. */
async function checkOnce(probe: Probe) {
  const supervised = createTestSupervisor();
  const monitor = supervised.keeper.monitor('odd', probe, { errorThreshold: 1, jitter: 0 });
  supervised.keeper.start();
  await supervised.clock.settle();
  return { ...supervised, monitor };
}

const isOneLine = (detail: string | undefined): boolean =>
  detail !== undefined && detail !== '' && detail.length <= 200 && !/[\p{Cc}\u2028\u2029]/u.test(detail);

describe('a value of foreign code', () => {
  it.each(names)('that a probe throws breaks its check and no more: %s (INV-64)', async (name) => {
    const value = foreign(name);
    const { keeper, clock, monitor, of } = await checkOnce(
      defineProbe('odd', () => {
        throw value;
      }),
    );
    expect(of('actor.failed')).toEqual([]);
    const [failed] = of('check.failed');
    expect(failed === undefined ? '' : summaryOf(failed)).toContain('1 in a row');
    expect(monitor.health).toBe('error');
    expect(isOneLine(monitor.status.detail)).toBe(true);
    expect(() => JSON.stringify([monitor.status, keeper.snapshot()])).not.toThrow();
    await clock.advance(60_000);
    expect(of('check.failed').length).toBeGreaterThan(1);
  });

  it.each(answers)('that a probe answers is no verdict, and its check broke: %s (INV-64)', async (name) => {
    const value = foreign(name);
    const { keeper, monitor, of } = await checkOnce(defineProbe('odd', async () => value as never));
    expect(of('actor.failed')).toEqual([]);
    expect(of('check.failed')).toHaveLength(1);
    expect(of('check.failed')[0]?.cause).toMatchObject({ code: 'INVALID_VERDICT' });
    expect(monitor.health).toBe('error');
    expect(monitor.status.detail).toMatch(/^InvalidVerdictError: The probe returned .+; wanted /);
    expect(isOneLine(monitor.status.detail)).toBe(true);
    expect(() => JSON.stringify([monitor.status, keeper.snapshot(), of('check.failed')])).not.toThrow();
    expect(isVerdict(value)).toBe(false);
  });

  it.each<[unknown, string]>([
    [undefined, 'The probe returned undefined; wanted { status: '],
    ['fine', 'The probe returned "fine"; wanted { status: '],
    [{ status: 'ok' }, 'The probe returned a verdict whose status is "ok"; wanted one of "pass", "warn", "fail"'],
    [{ status: 'pass', latencyMs: 5n }, 'a verdict whose latencyMs is 5n; wanted a number of milliseconds'],
    [{ status: 'pass', measured: { n: 1n } }, 'a verdict whose measured.n is 1n; wanted a finite number'],
  ])('that is no verdict is named, with what is wanted: $1', (value, words) => {
    expect(() => readVerdict(value)).toThrow(words);
  });

  it('has a text, however odd it is, and never a long one', () => {
    const values = fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), fc.constantFrom(...names));
    fc.assert(
      fc.property(values, (drawn) => {
        const value = names.includes(drawn as string) ? foreign(drawn as string) : drawn;
        for (const text of [textOf(value), messageOf(value), describeValue(value)]) {
          expect(text.length).toBeLessThanOrEqual(1_024);
        }
      }),
    );
  });
});

describe('a verdict', () => {
  it('is copied field by field: what else is in it stays outside', () => {
    const given = { status: 'pass', latencyMs: 3, measured: { n: 1, left: undefined }, toJSON: () => 'x', more: 1 };
    expect(readVerdict(given)).toEqual({ status: 'pass', latencyMs: 3, measured: { n: 1 } });
    expect(Object.keys(readVerdict(given).measured ?? {})).toEqual(['n']);
  });

  it('has a detail of one line without credentials, whoever wrote it', async () => {
    const detail = `line one\nhttp://me:secret@db/ ${'x'.repeat(900_000)}`;
    const { monitor, of } = await checkOnce(defineProbe('long', async () => ({ status: 'fail', detail })));
    const details = [
      monitor.status.detail,
      of('verdict.judged')[0]?.verdict.detail,
      of('health.changed').at(-1)?.detail,
    ];
    for (const shown of details) {
      expect(isOneLine(shown)).toBe(true);
      expect(shown).toContain('line one http://***@db/');
    }
  });

  it('that an earlier program left has its detail cleaned as well', async () => {
    const first = await checkOnce(defineProbe('api', async () => ({ status: 'fail', detail: 'down' })));
    const left = JSON.parse(JSON.stringify(first.keeper.snapshot()).replaceAll('down', 'http://me:secret@db/'));
    const { keeper, clock } = createTestSupervisor({ resume: left });
    const monitor = keeper.monitor('odd', () => new Promise(() => undefined));
    keeper.start();
    await clock.settle();
    expect(monitor.status).toMatchObject({ detail: 'http://***@db/', verdict: { detail: 'http://***@db/' } });
  });
});

describe('an error of a probe', () => {
  it('of any class has its credentials hidden in the detail, and is one line', async () => {
    class DriverError extends Error {
      readonly code = 'ECONNREFUSED';
    }
    const { monitor, of } = await checkOnce(
      defineProbe('db', async () => {
        throw new DriverError('cannot reach\npostgres://me:secret@db:5432/x password=hunter2');
      }),
    );
    expect(monitor.status.detail).toBe('Error: cannot reach postgres://***@db:5432/x password=***');
    expect(summaryOf(of('check.failed')[0] as never)).not.toMatch(/secret|hunter2|\n/);
  });

  it('that could not tell counts as undecided, of a second copy of core too', async () => {
    const { monitor, of } = await checkOnce(
      defineProbe('rate', async () => {
        throw Object.assign(new Error('too few samples'), { code: 'UNDECIDED' });
      }),
    );
    expect(of('verdict.discarded')).toMatchObject([{ reason: 'undecided', detail: 'too few samples' }]);
    expect(monitor.health).toBe('starting');
  });
});
