import { defineProbe, type Verdict } from '@watchkeeper/core';
import { describe, expect, it, vi } from 'vitest';
import { dockerProbe } from '../src/docker.ts';
import { withFallback } from '../src/fallback.ts';
import { dockerEngine, health, inspection } from './support/dockerEngine.ts';
import { deadline } from './support/waiting.ts';

function scripted(name: string, ...answers: (Verdict | Error)[]) {
  let asked = 0;
  const probe = defineProbe(name, async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    if (answer instanceof Error || !answer) throw answer;
    return answer;
  });
  return { probe, asked: () => asked };
}
const silent = defineProbe(
  'silent',
  (signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 'fail', detail: 'cut' }))),
);

describe('withFallback', () => {
  it('lets any verdict of the primary stand, a fail too (INV-70)', async () => {
    for (const status of ['pass', 'warn', 'fail'] as const) {
      const second = scripted('second', { status: 'pass' });
      const probe = withFallback(scripted('first', { status }).probe, second.probe);
      expect(await probe(deadline())).toEqual({ status });
      expect(second.asked()).toBe(0);
    }
  });

  it('falls back for the one check whose primary broke, and asks the primary each time (INV-70)', async () => {
    const first = scripted('first', new Error('no'), new Error('no'), { status: 'fail' }, new Error('again'));
    const second = scripted('second', { status: 'pass' });
    const heard = vi.fn();
    const probe = withFallback(first.probe, second.probe, { onFallback: heard });
    const statuses = [];
    for (let round = 0; round < 4; round += 1) statuses.push((await probe(deadline())).status);
    expect(statuses).toEqual(['pass', 'pass', 'fail', 'pass']);
    expect([first.asked(), second.asked()]).toEqual([4, 3]);
    expect(heard.mock.calls.map(([error]) => (error as Error).message)).toEqual(['no', 'again']);
  });

  it('never starts the fallback on an abort (INV-70)', async () => {
    const second = scripted('second', { status: 'pass' });
    const abort = new AbortController();
    const running = withFallback(silent, second.probe)(abort.signal);
    abort.abort();
    expect(await running).toMatchObject({ status: 'fail', detail: 'cut' });

    const breaking = defineProbe('breaking', async (signal) => {
      await silent(signal);
      throw new Error('cancelled');
    });
    const again = new AbortController();
    const rejected = withFallback(breaking, second.probe, { primaryMs: 60_000 })(again.signal);
    again.abort();
    await expect(rejected).rejects.toThrow('cancelled');
    expect(second.asked()).toBe(0);
  });

  it('falls back from a primary that is slower than its part of the time', async () => {
    const second = scripted('second', { status: 'pass' });
    const errors: unknown[] = [];
    const probe = withFallback(silent, second.probe, { primaryMs: 20, onFallback: (error) => errors.push(error) });
    expect(await probe(deadline())).toEqual({ status: 'pass' });
    const quick = withFallback(scripted('quick', { status: 'fail' }).probe, second.probe, { primaryMs: 60_000 });
    expect(await quick(deadline())).toEqual({ status: 'fail' });
    expect(second.asked()).toBe(1);
    expect(errors).toEqual([expect.objectContaining({ message: 'silent did not answer within 20 ms' })]);
  });

  it('joins Docker with a direct check as GoDoxy does', async () => {
    const containers: Record<string, unknown> = { a: inspection('running') };
    const { engine } = await dockerEngine(containers);
    const direct = scripted('direct', { status: 'pass', detail: 'direct' });
    const probe = withFallback(dockerProbe({ container: 'a', engine }), direct.probe);
    expect(await probe(deadline())).toMatchObject({ status: 'pass', detail: 'direct' });
    containers['a'] = inspection('running', health('unhealthy', 'down'));
    expect(await probe(deadline())).toMatchObject({ status: 'fail', detail: 'down' });
    expect(direct.asked()).toBe(1);
    containers['a'] = inspection('running', { Status: '', FailingStreak: 0, Log: null });
    expect(await probe(deadline())).toMatchObject({ status: 'pass', detail: 'direct' });
    expect(direct.asked()).toBe(2);
  });

  it('leaves a primary undecided that has nothing to say yet, unless the fallback shall speak', async () => {
    const { engine } = await dockerEngine({ a: inspection('running', health('starting')) });
    const starting = dockerProbe({ container: 'a', engine });
    const direct = scripted('direct', { status: 'fail' });
    await expect(withFallback(starting, direct.probe)(deadline())).rejects.toMatchObject({ code: 'UNDECIDED' });
    expect(direct.asked()).toBe(0);
    const speaking = withFallback(starting, direct.probe, { undecided: 'fallback' });
    expect(await speaking(deadline())).toMatchObject({ status: 'fail' });
  });

  it('keeps the name of the primary and refuses what is no probe', () => {
    const { probe } = scripted('first', { status: 'pass' });
    expect(withFallback(probe, probe).name).toBe('first');
    expect(() => withFallback(probe, undefined as never)).toThrow(
      expect.objectContaining({ option: 'withFallback.fallback' }),
    );
    expect(() => withFallback(probe, probe, { primaryMs: 0 })).toThrow(
      expect.objectContaining({ option: 'withFallback.primaryMs' }),
    );
  });
});
