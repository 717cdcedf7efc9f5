import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExecProbeOptions, execProbe } from '../src/exec.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline, until } from './support/waiting.ts';

/** Runs a small program; a shell, for it begins and ends a hundred times as fast as Node. */
const sh = (script: string, rest: Partial<ExecProbeOptions> = {}, signal = deadline()) =>
  execProbe({ argv: ['/bin/sh', '-c', script], ...rest })(signal);

/** Whether it still runs: one that is dead but not yet buried, which may take its host seconds, has its number still. */
const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    const file = `/proc/${pid}/status`;
    return !(existsSync(file) && /^State:\s+Z/m.test(readFileSync(file, 'utf8')));
  } catch {
    return false;
  }
};

describe('execProbe', () => {
  it('passes exit code 0', async () => {
    expect(await sh('echo fine')).toEqual({
      status: 'pass',
      latencyMs: expect.any(Number),
      measured: { exitCode: 0 },
    });
  });

  it('fails other codes with the first line of the error output, or of the output', async () => {
    expect(await sh('echo out; echo first >&2; echo second >&2; exit 3')).toMatchObject({
      status: 'fail',
      detail: 'exit code 3: first',
      measured: { exitCode: 3 },
    });
    expect(await sh('echo out; exit 1')).toMatchObject({ detail: 'exit code 1: out' });
    expect(await sh('exit 1')).toMatchObject({ detail: 'exit code 1' });
  });

  it('warns on request, and fails a program that was killed', async () => {
    expect(await sh('exit 1', { warnExitCodes: [1] })).toMatchObject({ status: 'warn' });
    expect(await sh('kill -TERM $$; sleep 60')).toMatchObject({
      status: 'fail',
      detail: 'killed by SIGTERM',
    });
  });

  it('gives its arguments to no shell and shows no environment but the given', async () => {
    const literal = execProbe({ argv: ['/bin/sh', '-c', `[ "$1" = '$(id); *' ]`, 'sh', '$(id); *'] });
    expect(await literal(deadline())).toMatchObject({ status: 'pass' });
    process.env['WATCHKEEPER_TEST_SECRET'] = 'x';
    expect(await sh('[ -z "$WATCHKEEPER_TEST_SECRET" ]')).toMatchObject({ status: 'pass' });
    delete process.env['WATCHKEEPER_TEST_SECRET'];
    const said = await sh('echo "$PASSWORD" >&2; exit 1', { env: { PASSWORD: 'hunter2' } });
    expect(said).toMatchObject({ detail: 'exit code 1: ***' });
  });

  it('keeps no more output than its limit, and is not held up by more', async () => {
    const verdict = await sh('head -c 3000000 /dev/zero | tr "\\0" x; exit 1', { maxOutputBytes: 50 });
    expect(verdict).toMatchObject({ status: 'fail', detail: `exit code 1: ${'x'.repeat(50)}` });
  });

  it('kills the program with all it started at the deadline', async () => {
    const path = join(await temporaryFolder(), 'pids');
    const abort = new AbortController();
    const running = sh(`sleep 60 & echo $$ $! > '${path}'; wait`, {}, abort.signal);
    const pids = () => (existsSync(path) ? readFileSync(path, 'utf8').split(' ').map(Number).filter(Boolean) : []);
    await until(() => pids().length === 2);
    abort.abort(new DOMException('', 'TimeoutError'));
    expect(await running).toMatchObject({ status: 'fail', detail: 'timed out while running the program' });
    await until(() => !pids().some(lives));
  });

  it('does not wait for a child that inherits its output', async () => {
    expect(await sh('sleep 60 & exit 0')).toMatchObject({ status: 'pass' });
  });

  it('breaks the check when the program cannot be started', async () => {
    await expect(execProbe({ argv: ['/no/such/program'] })(deadline())).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
    await expect(sh('', { cwd: '/no/such/folder' })).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
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
