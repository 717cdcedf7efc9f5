import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unixProbe } from '../src/unix.ts';
import { misbehaviours, serve } from './support/tcpServers.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline, until } from './support/waiting.ts';

describe('unixProbe', () => {
  it('passes when the socket accepts, and closes it (INV-49)', async () => {
    const path = join(await temporaryFolder(), 'a.sock');
    const served = await serve(misbehaviours.blackHole, path);
    expect(await unixProbe({ path })(deadline())).toMatchObject({ status: 'pass' });
    await until(() => served.accepted() === 1 && served.open.size === 0);
  });

  it('fails a missing socket and a file that is none', async () => {
    const path = join(await temporaryFolder(), 'b.sock');
    expect(await unixProbe({ path })(deadline())).toMatchObject({ status: 'fail', detail: 'no such socket' });
    await writeFile(path, '');
    expect(await unixProbe({ path })(deadline())).toMatchObject({ status: 'fail', detail: 'connection refused' });
  });

  it('runs a script', async () => {
    const path = join(await temporaryFolder(), 'c.sock');
    await serve(misbehaviours.say('+PONG\r\n'), path);
    const script = [{ send: 'PING\r\n' }, { expect: '+PONG' }] as const;
    expect(await unixProbe({ path, script })(deadline())).toMatchObject({ status: 'pass' });
    expect(await unixProbe({ path, script: [{ send: 'x' }, { expect: '-' }] })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'expected "-", but the connection was closed after "+PONG\\r\\n"',
    });
  });

  it('is cut at the deadline by a target that never answers', async () => {
    const path = join(await temporaryFolder(), 'd.sock');
    const served = await serve(misbehaviours.blackHole, path);
    expect(await unixProbe({ path, minBytes: 1 })(deadline(120))).toMatchObject({ status: 'fail' });
    await until(() => served.open.size === 0);
  });

  it('refuses a missing path', () => {
    expect(() => unixProbe({ path: '' })).toThrow(expect.objectContaining({ option: 'unixProbe.path' }));
  });
});
