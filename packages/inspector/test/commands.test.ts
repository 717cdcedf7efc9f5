import { createSupervisor, defineProbe, type Supervisor } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommandRecord, Commands } from '../src/commands/commands.ts';
import { commandBurst } from '../src/commands/rateLimit.ts';
import { commandNames, readMessage } from '../src/protocol/clientMessage.ts';

const running: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((keeper) => keeper.stop()));
});

function setUp(allowed: readonly (typeof commandNames)[number][] = commandNames) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock });
  running.push(keeper);
  keeper.monitor(
    'api',
    defineProbe('api', async () => ({ status: 'pass' })),
  );
  keeper.start();
  const records: CommandRecord[] = [];
  const commands = new Commands({
    supervisor: keeper,
    allowed,
    now: () => clock.now(),
    record: (entry) => records.push(entry),
  });
  const run = (name: (typeof commandNames)[number], monitor?: string) =>
    commands.run({ type: 'command', id: 1, name, ...(monitor === undefined ? {} : { monitor }) }, 1);
  return { clock, keeper, commands, records, run };
}

describe('the commands of a page', () => {
  it('check, pause and resume the monitor they name, and are recorded', async () => {
    const { clock, keeper, records, run } = setUp();
    await clock.advance(10);
    expect(run('pause', 'api')).toMatchObject({ ok: true });
    expect(keeper.monitorOf('api')?.health).toBe('paused');
    expect(run('resume', 'api')).toMatchObject({ ok: true });
    expect(keeper.monitorOf('api')?.health).toBe('starting');
    expect(records.map(({ name, monitor, ok, page }) => [name, monitor, ok, page])).toEqual([
      ['pause', 'api', true, 1],
      ['resume', 'api', true, 1],
    ]);
  });

  it('pause a monitor for as long as they say, and record the duration', async () => {
    const { clock, keeper, commands, records } = setUp();
    const pause = { type: 'command', id: 1, name: 'pause', monitor: 'api', ttlMs: 60_000 } as const;
    expect(commands.run(pause, 1)).toMatchObject({ ok: true, ttlMs: 60_000 });
    await clock.advance(59_000);
    expect(keeper.monitorOf('api')?.health).toBe('paused');
    await clock.advance(2_000);
    expect(keeper.monitorOf('api')?.health).not.toBe('paused');
    expect(records).toMatchObject([{ name: 'pause', monitor: 'api', ttlMs: 60_000 }]);
  });

  it('stop the monitor they name', async () => {
    const { clock, keeper, run } = setUp();
    expect(run('stop', 'api')).toMatchObject({ ok: true });
    await clock.advance(10_000);
    expect(keeper.monitorOf('api')).toBeUndefined();
  });

  it('drain the supervisor', () => {
    const { keeper, run } = setUp();
    expect(run('drain')).toMatchObject({ ok: true });
    expect(keeper.phase).not.toBe('running');
  });

  it('are refused and recorded when no command is allowed, or not this one', () => {
    const readOnly = setUp([]);
    expect(readOnly.run('pause', 'api')).toMatchObject({ ok: false, why: 'This page is read-only.' });
    expect(readOnly.keeper.monitorOf('api')?.health).not.toBe('paused');
    expect(readOnly.records).toHaveLength(1);
    expect(setUp(['check']).run('drain')).toMatchObject({ ok: false, why: 'The program does not allow drain.' });
  });

  it('are refused for a monitor that was removed', () => {
    expect(setUp().run('check', 'nobody')).toMatchObject({ ok: false });
  });

  it('are limited in rate for all pages together, which regain them with time', async () => {
    const { clock, commands, run } = setUp();
    const done = Array.from({ length: commandBurst + 5 }, () => run('check', 'api').ok);
    expect(done.filter(Boolean)).toHaveLength(commandBurst);
    // A page that connects again has another number, and no new burst.
    expect(commands.run({ type: 'command', id: 1, name: 'check', monitor: 'api' }, 2).ok).toBe(false);
    await clock.advance(500);
    expect([run('check', 'api').ok, run('check', 'api').ok, run('check', 'api').ok]).toEqual([true, true, false]);
  });

  it('run although `onCommand` throws', () => {
    const { keeper } = setUp();
    const record = () => {
      throw new Error('disk full');
    };
    const commands = new Commands({ supervisor: keeper, allowed: commandNames, now: () => 0, record });
    expect(commands.run({ type: 'command', id: 1, name: 'check', monitor: 'api' }, 1).ok).toBe(true);
  });
});

describe('readMessage of a command', () => {
  it.each([
    ['{"type":"watch","actorId":"a"}', { type: 'watch', actorId: 'a' }],
    ['{"type":"watch"}', { type: 'watch' }],
    ['{"type":"command","id":3,"name":"check","monitor":"a"}', { type: 'command', id: 3, name: 'check', monitor: 'a' }],
    [
      '{"type":"command","id":3,"name":"pause","monitor":"a","ttlMs":60000}',
      { type: 'command', id: 3, name: 'pause', monitor: 'a', ttlMs: 60_000 },
    ],
    ['{"type":"command","id":3,"name":"drain"}', { type: 'command', id: 3, name: 'drain' }],
  ])('%s is read', (text, message) => {
    expect(readMessage(text)).toEqual(message);
  });

  it.each([
    '',
    'null',
    '[]',
    '{',
    '{"type":"other"}',
    '{"type":"command","id":1,"name":"constructor"}',
    '{"type":"command","id":"1","name":"check"}',
    '{"type":"command","name":"check"}',
    '{"type":"command","id":1,"name":"check","ttlMs":60000}',
    '{"type":"command","id":1,"name":"pause","ttlMs":0}',
    '{"type":"command","id":1,"name":"pause","ttlMs":604800001}',
    '{"type":"command","id":1,"name":"pause","ttlMs":"60000"}',
  ])('%s is none', (text) => {
    expect(readMessage(text)).toBeUndefined();
  });
});
