import { describe, expect, it } from 'vitest';
import { suspectOptions } from '../src/drain/suspectOptions.ts';
import { summaryOf } from '../src/events/eventTable.ts';
import { createSupervisor, type SupervisorEvent, type SupervisorOptions } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const names = ['terminationGraceMs', 'noticeMs', 'graceMs', 'deadlineMs'] as const;

/** A supervisor on the system's clock, with what it tells of its options. */
function supervised(options: SupervisorOptions) {
  const keeper = createSupervisor(options);
  const told: Extract<SupervisorEvent, { type: 'option.suspect' }>[] = [];
  keeper.events$.subscribe((event) => {
    if (event.type === 'option.suspect') told.push(event);
  });
  return { keeper, told, options: () => told.map(({ option, value, suggested }) => [option, value, suggested]) };
}

describe('options that read as seconds', () => {
  it.each(names)('are whole numbers from 1 to 59 for %s, and no others', (name) => {
    const halves = Array.from({ length: 125 }, (_, index) => index / 2 - 1);
    const found = halves.filter((value) => suspectOptions('drain', { [name]: value }).length > 0);
    expect(found).toEqual(Array.from({ length: 59 }, (_, index) => index + 1));
    expect(suspectOptions('drain', { [name]: 30 })).toEqual([
      { option: `drain.${name}`, value: 30, suggested: 30_000 },
    ]);
    expect(suspectOptions('drain', {})).toEqual([]);
  });

  it('are each told once when the supervisor starts, and the drain of it says nothing anew', async () => {
    const { keeper, told, options } = supervised({
      terminationGraceMs: 59,
      closeTimeoutMs: 1,
      drain: { noticeMs: 5, graceMs: 10, deadlineMs: 30 },
    });
    keeper.start();
    keeper.start();
    await keeper.drain();
    expect(options()).toEqual([
      ['supervisor.terminationGraceMs', 59, 59_000],
      ['supervisor.drain.noticeMs', 5, 5_000],
      ['supervisor.drain.graceMs', 10, 10_000],
      ['supervisor.drain.deadlineMs', 30, 30_000],
    ]);
    expect(told.map(summaryOf)[0]).toBe('supervisor.terminationGraceMs is 59 ms; if seconds were meant, write 59000');
  });

  it('are told by the drain that is given them, once', async () => {
    const { keeper, options } = supervised({});
    keeper.start();
    void keeper.drain({ graceMs: 10 });
    await keeper.drain({ graceMs: 20 });
    expect(options()).toEqual([['drain.graceMs', 10, 10_000]]);
  });

  it('are no mistake on a clock that is not the system’s', async () => {
    const { keeper, of } = createTestSupervisor({ drain: { graceMs: 10, deadlineMs: 30 } });
    keeper.start();
    await keeper.drain({ graceMs: 20 });
    expect(of('option.suspect')).toEqual([]);
  });
});
