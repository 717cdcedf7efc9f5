import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { type DrainReport, InvalidOptionError, systemClock } from '@watchkeeper/core';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { healthAnswers, onSignals, type SignalEvent, type SignalOptions } from '../src/index.ts';
import { startSupervisor } from './support/supervisor.ts';
import { until } from './support/testServer.ts';

const report: DrainReport = {
  sessions: { total: 0, early: 0, forced: 0, stragglers: 0 },
  reasons: {},
  notifiers: { told: 0, evicted: 0 },
  services: { total: 0, stopped: 0, forced: 0, failed: 0 },
  durationMs: 0,
  reason: 'drained',
  unfinished: [],
  clients: [],
};

/** A program on virtual time whose drain ends when the test says so. */
function program(options: SignalOptions = {}) {
  const source = new EventEmitter();
  const clock = new VirtualClock();
  const events: SignalEvent[] = [];
  const exits: number[] = [];
  let drains = 0;
  let settleDrain = { resolve: (_: DrainReport) => {}, reject: (_: unknown) => {} };
  const drained = new Promise<DrainReport>((resolve, reject) => {
    settleDrain = { resolve, reject };
  });
  const drain = () => {
    drains += 1;
    return drained;
  };
  const signals = onSignals(
    { drain },
    { source, clock, report: (event) => events.push(event), exit: (code) => exits.push(code), ...options },
  );
  const send = (signal: NodeJS.Signals) => source.emit(signal, signal);
  return { signals, source, clock, events, exits, send, settleDrain: () => settleDrain, drains: () => drains };
}

describe('onSignals', () => {
  it('drains once, finishes, and ends with 0, telling each step', async () => {
    const finished: DrainReport[] = [];
    const { signals, source, send, settleDrain, exits, events, drains, clock } = program({
      finish: (done) => void finished.push(done),
    });
    expect(signals.state).toBe('listening');
    send('SIGTERM');
    expect([signals.state, drains(), exits]).toEqual(['leaving', 1, []]);
    settleDrain().resolve(report);
    await settle();
    expect([signals.state, exits, finished]).toEqual(['ended', [0], [report]]);
    expect(events).toEqual([
      { type: 'signal.received', signal: 'SIGTERM' },
      { type: 'drain.ended', report },
      { type: 'process.ended', code: 0, because: 'drained' },
    ]);
    expect([clock.pending, source.eventNames()]).toEqual([0, []]);
  });

  it.each(['deadline', 'aborted'] as const)('ends with 1 when the drain was cut short: %s', async (reason) => {
    const { send, settleDrain, exits, events } = program();
    send('SIGINT');
    settleDrain().resolve({ ...report, reason });
    await settle();
    expect([exits, events.at(-1)]).toEqual([[1], { type: 'process.ended', code: 1, because: 'cutShort' }]);
  });

  it('ends at once at a second SIGINT, with 128 and its number', async () => {
    const { send, clock, exits, events } = program();
    send('SIGTERM');
    await clock.advance(50);
    send('SIGINT');
    expect(exits).toEqual([128 + constants.signals.SIGINT]);
    expect(events.at(-1)).toMatchObject({ because: 'signal' });
    await clock.advance(60_000);
    expect(exits.length).toBe(1);
  });

  it('takes a SIGINT within echoMs of the first signal for one key press that arrived twice', async () => {
    const { send, clock, exits, events } = program({ echoMs: 50 });
    send('SIGINT');
    await clock.advance(49);
    send('SIGINT');
    expect([exits, events.at(-1)]).toEqual([[], { type: 'signal.repeated', signal: 'SIGINT' }]);
    await clock.advance(1);
    send('SIGINT');
    expect(exits).toEqual([130]);
  });

  it('goes on draining when SIGTERM comes again, whenever and however often, and tells of each', async () => {
    const { send, clock, exits, events, settleDrain } = program();
    send('SIGINT');
    for (const ms of [0, 10, 5_000]) {
      await clock.advance(ms);
      send('SIGTERM');
    }
    expect([exits, events.filter(({ type }) => type === 'signal.repeated').length]).toEqual([[], 3]);
    settleDrain().resolve(report);
    await settle();
    expect([exits, events.at(-1)]).toEqual([[0], { type: 'process.ended', code: 0, because: 'drained' }]);
  });

  it('goes on draining at a second SIGINT too when that is to be ignored', async () => {
    const { send, clock, exits, events } = program({ secondSignal: 'ignore' });
    send('SIGINT');
    await clock.advance(5_000);
    send('SIGINT');
    expect([exits, events.at(-1)]).toEqual([[], { type: 'signal.repeated', signal: 'SIGINT' }]);
  });

  it('ends by itself with 1 before the platform kills, however long the drain takes', async () => {
    const { send, clock, exits, events } = program({
      terminationGraceMs: 30_000,
      preStopMs: 2_000,
      marginMs: 1_000,
    });
    send('SIGTERM');
    await clock.advance(26_999);
    expect(exits).toEqual([]);
    await clock.advance(1);
    expect([exits, events.at(-1)]).toEqual([[1], { type: 'process.ended', code: 1, because: 'hardDeadline' }]);
  });

  it('is not held up by what finishes after the drain', async () => {
    const { send, settleDrain, clock, exits } = program({ finish: () => new Promise(() => {}) });
    send('SIGTERM');
    settleDrain().resolve(report);
    await clock.advance(28_999);
    expect(exits).toEqual([]);
    await clock.advance(1);
    expect(exits).toEqual([1]);
  });

  it('ends with 1 and tells the cause when the drain or the finish fails', async () => {
    const cause = new Error('database gone');
    const finishing = program({ finish: () => Promise.reject(cause) });
    finishing.send('SIGTERM');
    finishing.settleDrain().resolve(report);
    const draining = program();
    draining.send('SIGTERM');
    draining.settleDrain().reject(cause);
    await settle();
    for (const { exits, events } of [finishing, draining]) {
      expect(exits).toEqual([1]);
      expect(events.slice(-2)).toEqual([
        { type: 'ending.failed', cause },
        { type: 'process.ended', code: 1, because: 'failed' },
      ]);
    }
  });

  it('ends all the same when the report throws', async () => {
    const { send, settleDrain, exits } = program({
      report: () => {
        throw new Error('log full');
      },
    });
    send('SIGTERM');
    settleDrain().resolve(report);
    await settle();
    expect(exits).toEqual([0]);
  });

  it('listens no more once it is removed', () => {
    const { signals, source, send, drains } = program();
    {
      using listening = signals;
      expect(listening.state).toBe('listening');
    }
    expect([send('SIGTERM'), drains(), signals.state, source.eventNames()]).toEqual([false, 0, 'removed', []]);
  });

  it('drains a real supervisor at a real signal: unready at once, live until the end', async () => {
    const keeper = startSupervisor();
    const exits: number[] = [];
    const signals = onSignals(keeper, {
      signals: ['SIGUSR2'],
      drain: { noticeMs: 50, graceMs: 50, deadlineMs: 10_000 },
      exit: (code) => exits.push(code),
    });
    onTestFinished(() => signals.remove());
    const answer = healthAnswers(keeper);
    process.kill(process.pid, 'SIGUSR2');
    await until(() => signals.state === 'leaving');
    expect([answer('live').status, answer('ready').status, exits]).toEqual([200, 503, []]);
    await until(() => exits.length === 1);
    expect([exits, keeper.phase]).toEqual([[0], 'stopped']);
  });

  it.each<[string, string, SignalOptions]>([
    ['a deadline', 'onSignals.drain.deadlineMs', { terminationGraceMs: 20_000 }],
    ['notice and grace', 'onSignals.drain', { drain: { noticeMs: 20_000, graceMs: 10_000, deadlineMs: 30_000 } }],
    ['a preStop hook', 'onSignals.drain.deadlineMs', { preStopMs: 5_000 }],
    ['what is to finish', 'onSignals.drain.deadlineMs', { finishMs: 5_000 }],
    ['nothing at all', 'onSignals.terminationGraceMs', { terminationGraceMs: 1_000 }],
  ])('refuses at once a budget into which %s does not fit', (_, option, options) => {
    expect(() => program(options)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });

  it('takes a budget that fits to the millisecond', () => {
    const drain = { noticeMs: 5_000, graceMs: 10_000, deadlineMs: 20_000 };
    const fits = {
      drain,
      terminationGraceMs: 30_000,
      preStopMs: 4_000,
      closeMs: 2_000,
      finishMs: 3_000,
      marginMs: 1_000,
    };
    expect(program(fits).signals.state).toBe('listening');
    expect(() => program({ ...fits, finishMs: 3_001 })).toThrow('onSignals.drain.deadlineMs');
  });

  it.each<[string, unknown]>([
    ['onSignals.signals', { signals: [] }],
    ['onSignals.signals', { signals: ['TERM'] }],
    ['onSignals.drain', { drain: 5 }],
    ['onSignals.finish', { finish: true }],
    ['onSignals.finishMs', { finishMs: -1 }],
    ['onSignals.terminationGraceMs', { terminationGraceMs: 0 }],
    ['onSignals.preStopMs', { preStopMs: Number.NaN }],
    ['onSignals.closeMs', { closeMs: '2s' }],
    ['onSignals.marginMs', { marginMs: -1 }],
    ['onSignals.secondSignal', { secondSignal: 'kill' }],
    ['onSignals.echoMs', { echoMs: -1 }],
    ['onSignals.report', { report: console }],
    ['onSignals.exit', { exit: 0 }],
    ['onSignals.source', { source: {} }],
    ['onSignals.clock', { clock: Date }],
    ['onSignals.timeout', { timeout: 1 }],
  ])('refuses a wrong %s by its name', (option, options) => {
    expect(() => program(options as SignalOptions)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });

  it('tells at once of options that read as seconds, on the clock of the system only', () => {
    const options: SignalOptions = {
      terminationGraceMs: 50,
      closeMs: 0,
      marginMs: 1,
      drain: { noticeMs: 5, graceMs: 20, deadlineMs: 30 },
    };
    const real = program({ ...options, clock: systemClock() });
    expect(real.events).toEqual([
      { type: 'option.suspect', option: 'onSignals.terminationGraceMs', value: 50, suggested: 50_000 },
      { type: 'option.suspect', option: 'onSignals.drain.noticeMs', value: 5, suggested: 5_000 },
      { type: 'option.suspect', option: 'onSignals.drain.graceMs', value: 20, suggested: 20_000 },
      { type: 'option.suspect', option: 'onSignals.drain.deadlineMs', value: 30, suggested: 30_000 },
    ]);
    expect(program(options).events).toEqual([]);
    expect(program({ clock: systemClock() }).events).toEqual([]);
  });
});
