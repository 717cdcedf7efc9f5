import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isShort, unknown } from '../src/availability.ts';
import { ProcessMeter } from '../src/processMeter.ts';
import { until } from './brokers.ts';

describe('the meter', () => {
  it('knows nothing before its second sample, and then a share of what there is', async () => {
    const meter = new ProcessMeter();
    expect(meter.availability).toEqual({ cpu: unknown, memory: unknown });
    expect(meter.sample().cpu).toBe(unknown);
    expect(isShort(meter.availability)).toBe(false);
    const { cpu, memory } = meter.sample();
    for (const share of [cpu, memory]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });
});

describe('the program', () => {
  it('moves its clients on SIGUSR2, and ends in order on SIGTERM', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const program = spawn(process.execPath, [main], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void program.kill('SIGKILL'));
    const exited = once(program, 'exit');
    const lines: string[] = [];
    createInterface(program.stdout).on('line', (line) => lines.push(line));
    const said = (pattern: RegExp, times: number) =>
      until(() => lines.filter((line) => pattern.test(line)).length >= times);
    await said(/: OK/, 2);
    program.kill('SIGUSR2');
    await said(/: GOAWAY/, 2);
    await said(/: OK/, 4);
    program.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(lines.filter((line) => /: GOAWAY/.test(line))).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/^stopped: 2 left by themselves, 0 were cut; server closed$/);
  });
});
