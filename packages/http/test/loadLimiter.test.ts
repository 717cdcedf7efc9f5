import { createSupervisor, InvalidOptionError, type SupervisorEvent } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LoadLimiterOptions, type LoadSample, loadLimiter } from '../src/index.ts';

const inTime: LoadSample = { delayMs: 3, utilisation: 0.4 };
const late: LoadSample = { delayMs: 90, utilisation: 1 };

/** A limiter on a virtual clock, whose load the test says. */
function limit(options: LoadLimiterOptions = {}) {
  const clock = new VirtualClock();
  const load = { sample: inTime as unknown, measured: 0 };
  const measure = () => {
    load.measured += 1;
    if (load.sample instanceof Error) throw load.sample;
    return load.sample as LoadSample;
  };
  const limiter = loadLimiter({ clock, measure, random: () => 0.5, maxLimit: 10, ...options });
  const pass = async (sample: unknown, ms = 250) => {
    load.sample = sample;
    await clock.advance(ms);
    return limiter.stats();
  };
  return { clock, load, limiter, pass };
}

describe('a limiter of load', () => {
  it('measures at most once in a window, and only when it is asked', async () => {
    const { clock, load, limiter } = limit();
    await clock.advance(10_000);
    expect([load.measured, clock.pending]).toEqual([0, 0]);
    for (let asked = 0; asked < 5; asked++) limiter.acquire('normal');
    await clock.advance(249);
    limiter.admit();
    expect(load.measured).toBe(1);
    await clock.advance(1);
    limiter.admit();
    expect(load.measured).toBe(2);
  });

  it('refuses clients while the loop is late, and until it has been in time for a while', async () => {
    const { limiter, pass } = limit({ retryAfterMs: 1_000, retryJitter: 0.5 });
    expect(limiter.admit('a')).toBeUndefined();
    await pass(late);
    expect(limiter.admit('a')).toEqual({ retryAfterMs: 1_250 });
    await pass(inTime, 999);
    expect(limiter.admit('a')).toEqual({ retryAfterMs: 1_250 });
    await pass(inTime, 250);
    expect(limiter.admit('a')).toBeUndefined();
    expect(limiter.stats().refused.clients).toBe(2);
  });

  it('does not refuse for a loop that is all busy, and in time', async () => {
    const { limiter, pass } = limit();
    expect(await pass({ delayMs: 3, utilisation: 1 })).toMatchObject({ overloaded: false, limit: 10 });
    expect(limiter.admit()).toBeUndefined();
  });

  it('keeps what is left of the limit for requests that matter more', () => {
    const { limiter } = limit();
    const ask = (priority: 'high' | 'normal' | 'low') => limiter.acquire(priority).admitted;
    const asked = [
      ...Array<'low'>(6).fill('low'),
      ...Array<'normal'>(4).fill('normal'),
      ...Array<'high'>(3).fill('high'),
    ];
    expect(asked.map(ask)).toEqual([
      ...[true, true, true, true, true, false],
      ...[true, true, true, false],
      ...[true, true, false],
    ]);
    expect(limiter.stats()).toMatchObject({ inFlight: 10, refused: { low: 1, normal: 1, high: 1, clients: 0 } });
  });

  it('lets one request of each priority in at the lowest limit', async () => {
    const { limiter, pass } = limit({ minLimit: 1 });
    for (let window = 0; window < 20; window++) await pass(late);
    expect(limiter.stats().limit).toBe(1);
    expect(limiter.acquire('low').admitted).toBe(true);
    expect(limiter.acquire('high').admitted).toBe(false);
  });

  it('gives a permit back once, however often it is released', () => {
    const { limiter } = limit();
    const [one] = [limiter.acquire('high'), limiter.acquire('high')];
    if (!one.admitted) throw new Error('refused');
    one.release();
    one.release();
    expect(limiter.stats().inFlight).toBe(1);
  });

  it('comes down from what is in flight, and grows again', async () => {
    const { limiter, pass } = limit({ increase: 3 });
    for (let asked = 0; asked < 10; asked++) limiter.acquire('high');
    expect((await pass(late)).limit).toBe(8);
    expect((await pass(late)).limit).toBe(6);
    expect((await pass(inTime)).limit).toBe(9);
    expect((await pass(inTime)).limit).toBe(10);
  });

  it('begins a new window when the clock is set back', async () => {
    const { clock, limiter, load } = limit();
    clock.jump(-3_600_000);
    limiter.admit();
    expect(load.measured).toBe(1);
    await clock.advance(250);
    limiter.admit();
    expect(load.measured).toBe(2);
  });

  it.each<[string, unknown]>([
    ['throws', new Error('no counter')],
    ['answers nothing', undefined],
    ['answers half', { delayMs: 3 }],
    ['answers no number', { delayMs: Number.NaN, utilisation: 0.5 }],
    ['answers more than all', { delayMs: 3, utilisation: 1.5 }],
  ])('leaves the load as it was when its measure %s, and its check fails', async (_, sample) => {
    const { limiter, pass } = limit();
    await pass(late);
    expect(await pass(sample)).toMatchObject({ ...late, overloaded: true });
    await expect(limiter.probe(new AbortController().signal)).rejects.toThrow();
    await pass(inTime);
    await expect(limiter.probe(new AbortController().signal)).resolves.toMatchObject({ status: 'warn' });
  });

  it('refuses nothing any more once it is stopped', async () => {
    const { limiter, pass } = limit({ minLimit: 1 });
    for (let window = 0; window < 20; window++) await pass(late);
    limiter.stop();
    expect([limiter.admit(), limiter.acquire('low').admitted, limiter.acquire('low').admitted]).toEqual([
      undefined,
      true,
      true,
    ]);
  });

  it.each<[string, LoadLimiterOptions]>([
    ['maxDelayMs', { maxDelayMs: 0 }],
    ['decrease', { decrease: 1 }],
    ['shares.low', { shares: { high: 1, normal: 1, low: 0 } }],
    ['minLimit', { minLimit: 20, maxLimit: 10 }],
    ['measure', { measure: 5 as never }],
  ])('checks its option %s', (name, options) => {
    expect(() => loadLimiter(options)).toThrow(InvalidOptionError);
    expect(() => loadLimiter(options)).toThrow(`\`loadLimiter.${name}\``);
  });
});

describe('a monitor of the load', () => {
  it('is degraded while a supervisor refuses clients by load, and healthy again after', async () => {
    const { clock, limiter, load } = limit();
    const keeper = createSupervisor({ clock, admit: limiter.admit });
    const events: SupervisorEvent[] = [];
    keeper.events$.subscribe((event) => events.push(event));
    const monitor = keeper.monitor('load', limiter.probe, { intervalMs: 500, jitter: 0 });
    keeper.start();
    await clock.advance(500);
    expect([monitor.health, keeper.reserve().reserved]).toEqual(['healthy', true]);
    load.sample = late;
    await clock.advance(1_000);
    expect([monitor.health, keeper.planes.ready]).toEqual(['degraded', true]);
    expect(monitor.status.detail).toContain('90 ms late');
    expect(keeper.reserve('10.0.0.7')).toMatchObject({ reserved: false, reason: 'overload', retryAfterMs: 1_500 });
    load.sample = inTime;
    await clock.advance(3_000);
    expect([monitor.health, keeper.reserve().reserved]).toEqual(['healthy', true]);
    expect(events.filter(({ type }) => type === 'admission.refused')).toMatchObject([{ reason: 'overload' }]);
    await keeper.stop();
  });

  it('is degraded while requests are refused, although the loop is in time', async () => {
    const { limiter } = limit({ maxLimit: 4 });
    for (let asked = 0; asked < 5; asked++) limiter.acquire('high');
    expect(await limiter.probe(new AbortController().signal)).toMatchObject({
      status: 'warn',
      measured: { inFlight: 4, limit: 4, refused: 1 },
    });
  });
});

describe('the load of a real loop', () => {
  it('is late while something holds it', async () => {
    const limiter = loadLimiter({ sampleMs: 1 });
    onTestFinished(() => limiter.stop());
    const hold = (ms: number) => {
      for (const until = performance.now() + ms; performance.now() < until; );
    };
    limiter.stats();
    for (let turn = 0; turn < 3; turn++) {
      hold(150);
      // The loop looks at its delay in the phase of timers.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const { delayMs, utilisation, overloaded } = limiter.stats();
    expect(delayMs).toBeGreaterThan(50);
    expect(utilisation).toBeGreaterThan(0);
    expect(overloaded).toBe(true);
  });
});
