import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idleGapMs, loads } from './loads.ts';
import { restartUnderLoad } from './rollingRestarts.ts';

const restarts = Number(process.env['WATCHKEEPER_RESTARTS'] ?? 2);
const noticeMs = 40 * idleGapMs;
const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-rolling-'));

beforeAll(() => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', join(folder, 'cert.pem'), ...subject], { stdio: 'ignore' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`${restarts} rolling restarts of two instances behind a proxy that tries nothing twice`, () => {
  it.each(['http1', 'http2', 'tls'])(
    'lose no request of any client of %s: all that were begun are answered, and none is reset',
    async (server) => {
      const clients = Object.values(loads)
        .filter((load) => load.server === server)
        .flatMap(({ run }) => [run, run]);
      const ca = readFileSync(join(folder, 'cert.pem'), 'utf8');
      const { tally, reports } = await restartUnderLoad({
        server,
        clients,
        restarts,
        noticeMs,
        lagMs: noticeMs / 4,
        certificates: folder,
        ca,
      });
      expect(tally.failed).toEqual([]);
      expect([tally.answered, tally.asked > 0]).toEqual([tally.asked, true]);
      expect(reports.length).toBe(restarts + 2);
      for (const { begun, answered, ...end } of reports) {
        expect([end, answered]).toEqual([{ forced: 0, reason: 'drained' }, begun]);
      }
    },
    60_000 + restarts * 60_000,
  );
});
