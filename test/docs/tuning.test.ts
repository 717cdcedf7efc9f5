import { createSupervisor, type MonitorOptions } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { compileExamples } from './compileExamples.ts';
import { examplesOf } from './examplesOf.ts';
import { runToEnd } from './runToEnd.ts';

const cases: readonly MonitorOptions[] = [
  {},
  { failureThreshold: 3 },
  { failureThreshold: 3, edgeIntervalMs: 1_000, timeoutMs: 1_000 },
  { failureThreshold: 2, intervalMs: 5_000, jitter: 0 },
];

describe('the time to notice that the page on tuning reckons', () => {
  let reckoned: readonly number[];

  beforeAll(async () => {
    const formula = sourceFiles(['docs/guides/tuning.md'], /./)
      .flatMap(examplesOf)
      .find(({ code }) => code.includes('function worstNoticeMs'));
    const line = `console.log(JSON.stringify(${JSON.stringify(cases)}.map(worstNoticeMs)));`;
    const example = { path: 'tuning', line: 1, code: `${formula?.code}\n${line}\n` };
    const { errors, outputOf } = compileExamples('tuning', [example]);
    expect(errors).toEqual([]);
    reckoned = JSON.parse((await runToEnd(outputOf(example))).stdout);
  });

  it.each(Array.from(cases.entries()))(
    'is, for case %i, %o, when a monitor gives up, to the millisecond',
    async (index, options) => {
      const clock = new VirtualClock();
      // Every interval strays as far as it may, and a dead target never answers.
      const keeper = createSupervisor({ clock, random: () => 1 });
      const target = keeper.monitor('target', scriptedProbe('+?'), options);
      keeper.start();
      await clock.advance((reckoned[index] ?? 0) - 1);
      expect(target.health).toBe('healthy');
      await clock.advance(1);
      expect(target.health).toBe('unhealthy');
      await keeper.stop();
    },
  );
});
