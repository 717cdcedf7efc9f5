import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isShort, unknown } from '../src/availability.ts';
import { follow } from '../src/follow.ts';
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

/** The program, the lines it said, and its end. */
function startProgram() {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const program = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void program.kill('SIGKILL'));
  const exited = once(program, 'close');
  const lines: string[] = [];
  createInterface(program.stdout).on('line', (line) => lines.push(line));
  const said = (pattern: RegExp, times: number) =>
    until(() => lines.filter((line) => pattern.test(line)).length >= times);
  return { program, exited, lines, said };
}

describe('the program', () => {
  it('moves its clients on SIGUSR2, and ends in order on SIGTERM', async () => {
    const { program, exited, lines, said } = startProgram();
    await said(/: OK/, 2);
    program.kill('SIGUSR2');
    await said(/: GOAWAY/, 2);
    await said(/: OK/, 4);
    program.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(lines.filter((line) => /: GOAWAY/.test(line))).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/^stopped: 2 left by themselves, 0 were cut; server closed$/);
  });

  it('ends in order on a ctrl-C that comes twice, from the terminal and from npm', async () => {
    const { program, exited, lines, said } = startProgram();
    await said(/: OK/, 2);
    // Sends one signal at its first word and one at its last. Until it leaves after that, the end waits for it.
    const { connection, stream } = follow(/127\.0\.0\.1:\d+/.exec(lines[0] ?? '')?.[0] ?? '');
    onTestFinished(() => connection.close());
    stream.on('error', () => {});
    stream.on('data', ({ code }) => {
      if (code === 'UNHEALTHY') return;
      program.kill('SIGINT');
      if (code === 'GOAWAY') stream.cancel();
    });
    expect(await exited).toEqual([0, null]);
    expect(lines.filter((line) => /^stopped: 3 left by themselves/.test(line))).toHaveLength(1);
  });
});
