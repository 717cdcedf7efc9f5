import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';
import { tcpProbe } from '../src/tcp.ts';
import { misbehaviours, refusedPort, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = '127.0.0.1';

describe('tcpProbe', () => {
  it('passes when the port accepts, and closes its socket (INV-49)', async () => {
    const served = await serve(misbehaviours.blackHole);
    const verdict = await tcpProbe({ host, port: served.port })(deadline());
    expect(verdict).toEqual({ status: 'pass', latencyMs: expect.any(Number) });
    await until(() => served.accepted() === 1 && served.open.size === 0);
  });

  it('fails when the port refuses (INV-69)', async () => {
    const verdict = await tcpProbe({ host, port: await refusedPort() })(deadline());
    expect(verdict).toMatchObject({ status: 'fail', detail: 'connection refused' });
  });

  it('finds the one family of a name that listens', async () => {
    const served = await serve(misbehaviours.blackHole);
    expect(await tcpProbe({ host: 'localhost', port: served.port })(deadline())).toMatchObject({ status: 'pass' });
  });

  it('dials over the one family it is given', async () => {
    const served = await serve(misbehaviours.blackHole);
    const over = (family: 4 | 6) => tcpProbe({ host: 'localhost', port: served.port, family })(deadline());
    expect(await over(4)).toMatchObject({ status: 'pass' });
    // Where `localhost` has no IPv6 address, nothing is known; elsewhere, nobody listens there.
    const six = await over(6).catch((error: unknown) => error);
    expect(six).toMatchObject(six instanceof Error ? { code: 'CHECK_BROKEN' } : { status: 'fail' });
    expect(served.accepted()).toBe(1);
  });

  it('breaks the check when the name does not resolve (INV-69)', async () => {
    await expect(tcpProbe({ host: 'nowhere.invalid', port: 80 })(deadline())).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
      message: expect.stringContaining('cannot resolve nowhere.invalid'),
    });
  });

  it('ends at once when aborted while connecting, and opens nothing when aborted before', async () => {
    const served = await serve(misbehaviours.blackHole);
    const probe = tcpProbe({ host, port: served.port });
    const abort = new AbortController();
    const running = probe(abort.signal);
    abort.abort();
    expect(await running).toMatchObject({ status: 'fail', detail: 'aborted while connecting' });
    expect(await probe(AbortSignal.abort())).toMatchObject({ status: 'fail', detail: 'aborted while starting' });
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
  });

  it('says that a deadline passed, not that somebody aborted', async () => {
    const abort = new AbortController();
    const running = tcpProbe({ host, port: 9 })(abort.signal);
    abort.abort(new DOMException('too late', 'TimeoutError'));
    expect(await running).toMatchObject({ status: 'fail', detail: 'timed out while connecting' });
  });

  it('dials no address its egress policy denies', async () => {
    const served = await serve(misbehaviours.blackHole);
    const egress = egressPolicy({ deny: ['internal'] });
    for (const denied of [host, 'localhost', '::ffff:127.0.0.1', '2130706433']) {
      const probe = tcpProbe({ host: denied, port: served.port, egress });
      await expect(probe(deadline()), denied).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
    }
    expect(served.accepted()).toBe(0);
    expect(egress.denied).toBeGreaterThanOrEqual(4);
  });

  it('dials an address its egress policy permits, also over one family', async () => {
    const served = await serve(misbehaviours.blackHole);
    const egress = egressPolicy({ allow: ['127.0.0.0/8'] });
    const to = { host: 'localhost', port: served.port, egress };
    expect(await tcpProbe(to)(deadline())).toMatchObject({ status: 'pass' });
    expect(await tcpProbe({ ...to, family: 4 })(deadline())).toMatchObject({ status: 'pass' });
  });

  it('leaves nothing open after many checks', async () => {
    const served = await serve(misbehaviours.blackHole);
    const probe = tcpProbe({ host, port: served.port });
    const before = handles();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 40 }, () => probe(deadline())));
    }
    await until(() => served.open.size === 0);
    await until(() => handles() <= before);
    expect(served.accepted()).toBe(200);
  });

  it.each([
    [{ port: 1 }, 'tcpProbe.host'],
    [{ host: '', port: 1 }, 'tcpProbe.host'],
    [{ host, port: 0 }, 'tcpProbe.port'],
    [{ host, port: 65_536 }, 'tcpProbe.port'],
    [{ host, port: 80, family: 5 }, 'tcpProbe.family'],
    [{ host, port: 80, egress: {} }, 'tcpProbe.egress'],
    [{ host, port: 80, timeout: 1 }, 'tcpProbe.timeout'],
  ])('refuses %o at construction', (options, option) => {
    expect(() => tcpProbe(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
  });
});

function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
