import { describe, expect, it } from 'vitest';
import { type PushProbeOptions, pushProbe } from '../src/push.ts';
import { deadline } from './support/waiting.ts';

function pushed(options: Partial<PushProbeOptions> = {}, at = 1_000_000) {
  const clock = { at, now: () => clock.at };
  const probe = pushProbe({ ttlMs: 10_000, graceMs: 5_000, clock, ...options });
  return { clock, probe, ask: () => probe(deadline()) };
}

describe('pushProbe', () => {
  it('waits one period and its grace for the first beat', async () => {
    const { clock, ask } = pushed();
    expect(await ask()).toMatchObject({ status: 'warn', detail: 'waiting for the first heartbeat' });
    clock.at += 15_000;
    expect(await ask()).toMatchObject({ status: 'warn' });
    clock.at += 1;
    expect(await ask()).toMatchObject({ status: 'fail', detail: 'no heartbeat came' });
  });

  it('passes up to the time-to-live, warns within the grace, fails after it, and comes back', async () => {
    const { clock, probe, ask } = pushed();
    probe.beat();
    clock.at += 10_000;
    expect(await ask()).toEqual({ status: 'pass', measured: { silentMs: 10_000 } });
    clock.at += 1;
    expect(await ask()).toMatchObject({
      status: 'warn',
      byTime: true,
      detail: 'last heartbeat 10 s ago, expected every 10 s',
    });
    clock.at += 4_999;
    expect(await ask()).toMatchObject({ status: 'warn' });
    clock.at += 1;
    expect(await ask()).toMatchObject({
      status: 'fail',
      byTime: true,
      detail: 'last heartbeat 15 s ago, expected every 10 s',
    });
    probe.beat();
    expect(await ask()).toMatchObject({ status: 'pass' });
  });

  it('passes on what the beat said, until the next', async () => {
    const { clock, probe, ask } = pushed();
    probe.beat({ status: 'fail', detail: 'disk full', measured: { free: 0 } });
    clock.at += 12_000;
    expect(await ask()).toMatchObject({ status: 'fail', detail: 'disk full', measured: { free: 0, silentMs: 12_000 } });
    probe.beat({ status: 'warn', detail: 'nearly full' });
    expect(await ask()).toMatchObject({ status: 'warn', detail: 'nearly full' });
    expect(() => probe.beat({} as never)).toThrow(expect.objectContaining({ option: 'beat.verdict' }));
  });

  it('goes on after a restart where it was', async () => {
    const { probe, clock } = pushed();
    expect(probe.lastBeatAt).toBeUndefined();
    probe.beat();
    const again = pushed({ lastBeatAt: probe.lastBeatAt ?? 0 }, clock.at + 12_000);
    expect(await again.ask()).toMatchObject({ status: 'warn', measured: { silentMs: 12_000 } });
  });

  it('is not confused by a clock that was set back', async () => {
    const { clock, probe, ask } = pushed();
    probe.beat();
    clock.at -= 60_000;
    expect(await ask()).toMatchObject({ status: 'pass', measured: { silentMs: 0 } });
  });

  it('refuses bad options', () => {
    expect(() => pushProbe({ ttlMs: 0 })).toThrow(expect.objectContaining({ option: 'pushProbe.ttlMs' }));
    expect(() => pushProbe({ ttlMs: 1, graceMs: -1 })).toThrow(
      expect.objectContaining({ option: 'pushProbe.graceMs' }),
    );
  });
});
