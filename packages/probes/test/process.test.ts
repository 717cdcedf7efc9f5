import { describe, expect, it } from 'vitest';
import { type ProcessProbeOptions, type ProcessReadings, processProbe } from '../src/process.ts';
import { deadline } from './support/waiting.ts';

const judge = (readings: ProcessReadings, rest: ProcessProbeOptions = {}) =>
  processProbe({ ...rest, read: async () => readings })(deadline());

describe('processProbe', () => {
  it('reads this process and passes', async () => {
    const probe = processProbe({ eventLoopDelayMs: {}, diskUsedRatio: {} });
    // The first check begins to watch the event loop; how soon there is something to say is up to the machine.
    await expect
      .poll(() => probe(deadline()))
      .toMatchObject({
        status: 'pass',
        measured: {
          eventLoopDelayMs: expect.any(Number),
          heapUsedRatio: expect.any(Number),
          rssBytes: expect.any(Number),
          diskUsedRatio: expect.any(Number),
        },
      });
  });

  it('sees an event loop that was blocked', async () => {
    const probe = processProbe({ eventLoopDelayMs: { warn: 50, fail: 10_000 }, diskUsedRatio: {} });
    await probe(deadline());
    await new Promise((resolve) => setTimeout(resolve, 30));
    const until = performance.now() + 120;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await probe(deadline())).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('eventLoopDelayMs is'),
    });
  });

  it.each<[ProcessReadings, string, string | undefined]>([
    [{ heapUsedRatio: 0.85, eventLoopDelayMs: 100 }, 'pass', undefined],
    [{ heapUsedRatio: 0.9 }, 'warn', 'heapUsedRatio is 0.9, limit 0.85'],
    [{ heapUsedRatio: 0.96, diskUsedRatio: 0.95 }, 'fail', 'heapUsedRatio is 0.96, limit 0.95'],
    [
      { eventLoopDelayMs: 2_000, diskUsedRatio: 1 },
      'fail',
      'eventLoopDelayMs is 2000, limit 1000; diskUsedRatio is 1, limit 0.98',
    ],
  ])('judges %o as %s', async (readings, status, detail) => {
    expect(await judge(readings)).toMatchObject({ status, ...(detail ? { detail } : {}) });
  });

  it('never degrades by what is unknown (INV-12)', async () => {
    expect(await judge({})).toEqual({ status: 'pass', measured: {} });
    expect(await judge({ heapUsedRatio: Number.NaN })).toEqual({ status: 'pass', measured: {} });
    const verdict = await processProbe({ diskPath: '/no/such/folder', eventLoopDelayMs: {} })(deadline());
    expect(verdict).toMatchObject({ status: 'pass' });
    expect(verdict.measured).not.toHaveProperty('diskUsedRatio');
  });

  it('breaks the check when reading breaks', async () => {
    const read = async () => {
      throw new Error('no figures');
    };
    await expect(processProbe({ read })(deadline())).rejects.toThrow('no figures');
  });

  it.each([[{ rssBytes: { warn: 2, fail: 1 } }], [{ rssBytes: { max: 2 } }], [{ rssBytes: 7 }]])(
    'refuses %o',
    (options) => {
      expect(() => processProbe(options as never)).toThrow(
        expect.objectContaining({ option: 'processProbe.rssBytes' }),
      );
    },
  );
});
