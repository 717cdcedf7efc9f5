import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileProbeOptions, fileProbe } from '../src/file.ts';
import { fileserverProbe } from '../src/fileserver.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline } from './support/waiting.ts';

async function fileWith(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'a.txt');
  await writeFile(path, content);
  return path;
}

describe('fileProbe', () => {
  it('passes a file that is there, and measures it (INV-69)', async () => {
    const path = await fileWith('hello');
    expect(await fileProbe({ path })(deadline())).toEqual({
      status: 'pass',
      latencyMs: expect.any(Number),
      measured: { bytes: 5, ageMs: expect.any(Number) },
    });
  });

  it('fails a file that is not there (INV-69)', async () => {
    const path = join(await temporaryFolder(), 'missing');
    expect(await fileProbe({ path })(deadline())).toMatchObject({ status: 'fail', detail: `${path} does not exist` });
  });

  it('breaks the check where the file system refuses to say (INV-69)', async () => {
    const path = await fileWith('hello');
    await expect(fileProbe({ path: join(path, 'below') })(deadline())).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
    await expect(fileProbe({ path: '\u0000' })(deadline())).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
  });

  it('judges the age by its clock, exactly at the limits', async () => {
    const path = await fileWith('hello');
    await utimes(path, 1_000, 1_000);
    const at = (now: number) => ({ path, clock: { now: () => now }, maxAgeMs: 60_000, warnAgeMs: 30_000 });
    expect(await fileProbe(at(1_030_000))(deadline())).toMatchObject({ status: 'pass', measured: { ageMs: 30_000 } });
    expect(await fileProbe(at(1_060_000))(deadline())).toMatchObject({
      status: 'warn',
      detail: 'last written 60 s ago, expected 30 s',
    });
    expect(await fileProbe(at(1_060_001))(deadline())).toMatchObject({ status: 'fail' });
    expect(await fileProbe(at(0))(deadline())).toMatchObject({ status: 'pass', measured: { ageMs: 0 } });
  });

  it.each<[Partial<FileProbeOptions>, string | undefined]>([
    [{ minBytes: 6 }, 'holds 5 bytes, expected 6'],
    [{ minBytes: 5 }, undefined],
    [{ contains: 'ell' }, undefined],
    [{ contains: 'bye' }, 'content does not contain "bye"'],
    [{ matches: /^h.*o$/g }, undefined],
    [{ matches: /bye/ }, 'content does not match /bye/'],
    [{ contains: 'h', maxBytes: 4 }, 'content is larger than 4 bytes'],
    [{ contains: 'h', maxBytes: 5 }, undefined],
  ])('judges %o', async (rules, detail) => {
    const verdict = await fileProbe({ path: await fileWith('hello'), ...rules })(deadline());
    expect(verdict.detail).toBe(detail);
    expect(verdict.status).toBe(detail === undefined ? 'pass' : 'fail');
  });

  it('never opens a device or a pipe, which could wait for ever', async () => {
    expect(await fileProbe({ path: '/dev/null', contains: 'x' })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'not a regular file',
    });
  });

  it('answers at once when aborted', async () => {
    const path = await fileWith('hello');
    expect(await fileProbe({ path })(AbortSignal.abort())).toMatchObject({
      status: 'fail',
      detail: 'aborted while starting',
    });
  });

  it('refuses bad options', () => {
    expect(() => fileProbe({ path: '' })).toThrow(expect.objectContaining({ option: 'fileProbe.path' }));
    expect(() => fileProbe({ path: 'a', maxAgeMs: 0 })).toThrow(
      expect.objectContaining({ option: 'fileProbe.maxAgeMs' }),
    );
  });
});

describe('fileserverProbe', () => {
  it('passes a root that is there, fails a missing one, breaks where nothing is known (INV-69)', async () => {
    const root = await temporaryFolder();
    expect(await fileserverProbe({ root })(deadline())).toEqual({ status: 'pass', latencyMs: expect.any(Number) });
    expect(await fileserverProbe({ root: join(root, 'missing') })(deadline())).toMatchObject({
      status: 'fail',
      detail: `${join(root, 'missing')} does not exist`,
    });
    await writeFile(join(root, 'a'), '');
    await expect(fileserverProbe({ root: join(root, 'a', 'b') })(deadline())).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
    });
    expect(() => fileserverProbe({ root: '' })).toThrow(expect.objectContaining({ option: 'fileserverProbe.root' }));
  });
});
