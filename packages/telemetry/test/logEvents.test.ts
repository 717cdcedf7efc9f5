import { InvalidOptionError, type SupervisorEvent } from '@watchkeeper/core';
import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { jsonLines, type Logger, levelOf, logEvents } from '../src/index.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

type Line = { readonly level: string; readonly fields: Readonly<Record<string, unknown>>; readonly msg: string };

function recorder() {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, msg: string) => void lines.push({ level, fields: { ...fields }, msg });
  const logger: Logger = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  return { lines, logger, of: (msg: string) => lines.filter((line) => line.msg === msg) };
}

describe('a log of events', () => {
  it('has the type of each event as message, its fields as fields, and its cause as err', async () => {
    const { keeper, clock, events } = createRecordedSupervisor({ name: 'orders' });
    const { logger, of, lines } = recorder();
    logEvents(keeper, logger);
    keeper.monitor('api', scriptedProbe('!'), everySecond);
    keeper.start();
    await clock.settle();
    expect(lines.map(({ msg }) => msg)).toEqual(events.map(({ type }) => type));
    expect(of('check.failed')).toEqual([
      {
        level: 'warn',
        msg: 'check.failed',
        fields: { keeper: 'orders', id: 'api', errors: 1, tookMs: 0, at: clock.now(), err: expect.any(Error) },
      },
    ]);
  });

  it('warns of a target that went down, and does not of one that came back', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger, of } = recorder();
    logEvents(keeper, logger);
    keeper.monitor('api', scriptedProbe('+-+'), everySecond);
    keeper.start();
    await clock.advance(2_000);
    expect(of('health.changed').map(({ level, fields }) => [fields['to'], level])).toEqual([
      ['starting', 'info'],
      ['healthy', 'info'],
      ['unhealthy', 'warn'],
      ['healthy', 'info'],
    ]);
  });

  it('leaves out what its levels call silent', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger, lines } = recorder();
    const level = (event: SupervisorEvent) => (event.type === 'verdict.judged' ? 'error' : 'silent');
    logEvents(keeper, logger, { levelOf: level });
    keeper.monitor('api', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.settle();
    expect(lines).toMatchObject([{ level: 'error', msg: 'verdict.judged' }]);
  });

  it('writes so many lines a second and no more, counts the others and says how many (INV-77)', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger, lines, of } = recorder();
    const log = logEvents(keeper, logger, { maxPerSecond: 3 });
    for (let turn = 0; turn < 10; turn++) keeper.broadcast({ type: 'health', topic: 'x', health: 'healthy' });
    await clock.settle();
    expect([lines.length, log.dropped]).toEqual([3, 7]);
    await clock.advance(1_000);
    keeper.broadcast({ type: 'health', topic: 'x', health: 'healthy' });
    await clock.settle();
    expect(of('log.dropped')).toMatchObject([{ level: 'warn', fields: { dropped: 7 } }]);
    expect(of('notice.broadcast')).toHaveLength(4);
  });

  it('says how many it left out when there is no next line (INV-77)', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger, of } = recorder();
    logEvents(keeper, logger, { maxPerSecond: 1 });
    keeper.start();
    const ended = keeper.stop();
    await clock.settle();
    await ended;
    expect(of('log.dropped')).toMatchObject([{ fields: { dropped: expect.any(Number) } }]);
  });

  it('counts what its levels throw, and goes on', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger, lines } = recorder();
    const log = logEvents(keeper, logger, {
      levelOf: (event) => {
        if (event.type === 'drain.entered') throw new Error('no such level');
        return 'info';
      },
    });
    await keeper.stop();
    await clock.settle();
    expect(log.failed).toBeGreaterThan(0);
    expect(lines.at(-1)?.msg).toBe('drain.ended');
  });

  it('counts what its logger throws, and goes on', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger } = recorder();
    const log = logEvents(keeper, {
      ...logger,
      debug: () => {
        throw new Error('the disk is full');
      },
    });
    for (let turn = 0; turn < 2; turn++) keeper.broadcast({ type: 'health', topic: 'x', health: 'healthy' });
    await clock.settle();
    expect(log.failed).toBe(2);
  });

  it('writes no more once closed', async () => {
    const { keeper, clock } = createRecordedSupervisor();
    const { logger, lines } = recorder();
    logEvents(keeper, logger).close();
    keeper.start();
    await clock.settle();
    expect(lines).toEqual([]);
  });

  it('refuses what is no logger', () => {
    expect(() => logEvents(createRecordedSupervisor().keeper, { info: () => {} } as never)).toThrow(InvalidOptionError);
    expect(() => logEvents(createRecordedSupervisor().keeper, recorder().logger, { maxPerSecond: 0 })).toThrow(
      InvalidOptionError,
    );
  });

  it('has a level of its own for what calls for a person', () => {
    const event = { type: 'actor.failed', kind: 'monitor', id: 'api', cause: 0, at: 0 } as const;
    expect([levelOf(event), levelOf({ type: 'actor.restarted', id: 'api', at: 0 })]).toEqual(['error', 'info']);
  });
});

describe('JSON lines', () => {
  const written = (fields: object): unknown => {
    const lines: string[] = [];
    jsonLines({ write: (line: string) => lines.push(line) }, () => 7).warn(fields, 'said');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    return JSON.parse(lines[0] ?? '');
  };

  it('carry level, time, message and fields, one line each', () => {
    expect(written({ id: 'a\nb' })).toEqual({ level: 'warn', time: 7, msg: 'said', id: 'a\nb' });
  });

  it('write errors with their cause, and what JSON has no word for', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const err = Object.assign(new TypeError('bad', { cause: new Error('worse') }), { code: 'E_BAD' });
    expect(written({ err, many: 10n, circle })).toMatchObject({
      err: { name: 'TypeError', message: 'bad', code: 'E_BAD', cause: { message: 'worse' } },
      many: '10',
      circle: { self: '(told before)' },
    });
  });

  it('write the other fields where one refuses to be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refuses = {
      toJSON: () => {
        throw new Error('a trap');
      },
    };
    expect(written({ id: 'api', err: proxy, refuses })).toMatchObject({
      id: 'api',
      err: 'an object without a text',
      refuses: '[object Object]',
    });
  });
});
