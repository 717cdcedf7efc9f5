import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExecProbeOptions, execProbe } from '../src/exec.ts';
import { folder } from './fixtures/folder.ts';
import { until, within } from './fixtures/signals.ts';

const node = (script: string, rest: Partial<ExecProbeOptions> = {}, signal = within()) =>
  execProbe({ argv: [process.execPath, '-e', script], ...rest })(signal);

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('execProbe', () => {
  it('passes exit code 0', async () => {
    expect(await node('console.log("fine")')).toEqual({
      status: 'pass',
      latencyMs: expect.any(Number),
      measured: { exitCode: 0 },
    });
  });

  it('fails other codes with the first line of the error output, or of the output', async () => {
    expect(await node('console.log("out"); console.error("first\\nsecond"); process.exitCode = 3')).toMatchObject({
      status: 'fail',
      detail: 'exit code 3: first',
      measured: { exitCode: 3 },
    });
    expect(await node('console.log("out"); process.exitCode = 1')).toMatchObject({ detail: 'exit code 1: out' });
    expect(await node('process.exitCode = 1')).toMatchObject({ detail: 'exit code 1' });
  });

  it('warns on request, and fails a program that was killed', async () => {
    expect(await node('process.exitCode = 1', { warnExitCodes: [1] })).toMatchObject({ status: 'warn' });
    expect(await node('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 9e4)')).toMatchObject({
      status: 'fail',
      detail: 'killed by SIGTERM',
    });
  });

  it('gives its arguments to no shell and shows no environment but the given', async () => {
    const literal = execProbe({
      argv: [process.execPath, '-e', 'process.exitCode = process.argv[1] === "$(id); *" ? 0 : 1', '$(id); *'],
    });
    expect(await literal(within())).toMatchObject({ status: 'pass' });
    process.env['WATCHKEEPER_TEST_SECRET'] = 'x';
    expect(await node('process.exitCode = process.env.WATCHKEEPER_TEST_SECRET ? 1 : 0')).toMatchObject({
      status: 'pass',
    });
    delete process.env['WATCHKEEPER_TEST_SECRET'];
    const said = await node('console.error(process.env.PASSWORD); process.exitCode = 1', {
      env: { PASSWORD: 'hunter2' },
    });
    expect(said).toMatchObject({ detail: 'exit code 1: ***' });
  });

  it('keeps no more output than its limit, and is not held up by more', async () => {
    const verdict = await node('process.stdout.write("x".repeat(3e6), () => process.exit(1))', { maxOutputBytes: 50 });
    expect(verdict).toMatchObject({ status: 'fail', detail: `exit code 1: ${'x'.repeat(50)}` });
  });

  it('kills the program with all it started at the deadline', async () => {
    const path = join(await folder(), 'pids');
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)']);
      require('node:fs').writeFileSync(${JSON.stringify(path)}, process.pid + ' ' + child.pid);
      setInterval(() => {}, 1e3);`;
    const abort = new AbortController();
    const running = node(script, {}, abort.signal);
    const { readFileSync } = await import('node:fs');
    const pids = () => (existsSync(path) ? readFileSync(path, 'utf8').split(' ').map(Number).filter(Boolean) : []);
    await until(() => pids().length === 2);
    abort.abort(new DOMException('', 'TimeoutError'));
    expect(await running).toMatchObject({ status: 'fail', detail: 'timed out while running the program' });
    await until(() => !pids().some(lives));
  });

  it('does not wait for one who inherits its output', async () => {
    const script = `
      const { pid, unref } = require('node:child_process').spawn(
        process.execPath, ['-e', 'setTimeout(() => {}, 9e4)'], { stdio: 'inherit' });
      process.exit(0);`;
    expect(await node(script)).toMatchObject({ status: 'pass' });
  });

  it('breaks the check when the program cannot be started', async () => {
    await expect(execProbe({ argv: ['/no/such/program'] })(within())).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
    await expect(node('', { cwd: '/no/such/folder' })).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
  });

  it.each([
    [{ argv: [] }, 'execProbe.argv'],
    [{ argv: [''] }, 'execProbe.argv'],
    [{ argv: 'ls -l' }, 'execProbe.argv'],
    [{ argv: ['a'], warnExitCodes: [0] }, 'execProbe.warnExitCodes'],
    [{ argv: ['a'], env: { A: 1 } }, 'execProbe.env'],
    [{ argv: ['a'], shell: true }, 'execProbe.shell'],
  ])('refuses %o', (options, option) => {
    expect(() => execProbe(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
  });
});
