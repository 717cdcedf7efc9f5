import { describe, expect, it } from 'vitest';
import { fromTransition } from 'xstate';
import { InvalidOptionError, Registry, type RegistryOptions } from '../src/index.ts';
import { startWorkers, type WorkerOptions } from './support/workers.ts';

const shutdown = { request: { type: 'request' }, shutdownMs: 2_000 };

describe('options of a registry', () => {
  const right: RegistryOptions<ReturnType<typeof logicOf>> = {
    kind: 'worker',
    logic: logicOf(),
    clock: startWorkers([]).clock,
  };

  it.each([
    [{ strategy: 'none_for_one' }, 'registry.strategy'],
    [{ restart: 'sometimes' }, 'registry.restart'],
    [{ limit: { intensity: 1, periodMs: Number.NaN } }, 'registry.limit.periodMs'],
    [{ limit: { intensity: -1, periodMs: 1 } }, 'registry.limit.intensity'],
    [{ limit: 5 }, 'registry.limit'],
    [{ backoff: { minMs: 1, maxMs: 2, factor: 0, jitter: 0 } }, 'registry.backoff.factor'],
    [{ backoff: { minMs: 3, maxMs: 2, factor: 1, jitter: 0 } }, 'registry.backoff.minMs'],
    [{ autoShutdown: true }, 'registry.autoShutdown'],
    [{ shutdown: { request: { type: 'end' }, shutdownMs: Number.NaN } }, 'registry.shutdown'],
    [{ shutdown: { shutdownMs: 1 } }, 'registry.shutdown'],
    [{ inputOnRestart: 'none' }, 'registry.inputOnRestart'],
    [{ kind: '' }, 'registry.kind'],
    [{ clock: {} }, 'registry.clock'],
    [{ logic: undefined }, 'registry.logic'],
    [{ intensity: 3 }, 'registry.intensity'],
  ])('are checked: %o', (wrong, option) => {
    const make = () => new Registry({ ...right, ...wrong } as never);
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(option);
  });

  it.each([
    [{ restart: 'often' }, 'child.restart'],
    [{ significant: 1 }, 'child.significant'],
    [{ shutdown: { request: 'end', shutdownMs: 1 } }, 'child.shutdown'],
    [{ important: true }, 'child.important'],
  ])('of one child are checked: %o', (wrong, option) => {
    const { add, registry } = startWorkers([]);
    expect(() => add('a', wrong as never)).toThrow(option);
    expect(registry.size).toBe(0);
  });
});

describe('a child that was stopped rather than ended', () => {
  it('is told of, since its parent is sent no event', async () => {
    const stopped: string[] = [];
    const options: WorkerOptions = { restart: 'permanent', onStopped: ({ id }) => stopped.push(id) };
    const { clock, registry, add } = startWorkers(['a'], options);
    add('stubborn-b', { shutdown });
    add('c', { shutdown });
    const over = registry.shutdown();
    await clock.advance(2_000);
    await over;
    expect(stopped).toEqual(['stubborn-b', 'a']);
  });
});

function logicOf() {
  return fromTransition((state: null) => state, null);
}
