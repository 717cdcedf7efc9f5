import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isVerdict, type Probe } from '@watchkeeper/core';
import { egressPolicy, h2cProbe, httpProbe } from '@watchkeeper/probes';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disguises, tunnels } from './addresses.ts';
import { answers, type HostileAnswer, jsonPaths } from './answers.ts';

/** How many inputs of each kind: few in every run of the tests, and as many as HOSTILE_RUNS says. */
const numRuns = Number(process.env['HOSTILE_RUNS'] ?? 150);

describe('an answer of a web server, whatever it is', () => {
  let answer: HostileAnswer = { status: 200, headers: {}, body: new Uint8Array() };
  const server = createServer((_request, response) => {
    const { status, headers, body } = answer;
    try {
      response.writeHead(status, headers).end(body);
    } catch {
      // Not every text is a header; the answer is then a plain one.
      response.writeHead(status).end(body);
    }
  });
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  let probes: readonly Probe[] = [];

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    probes = [
      httpProbe({ url, bodyJson: { status: 'ok', '$.a[0]["b"]': 1 }, maxBodyBytes: 50_000 }),
      httpProbe({ url, bodyContains: 'ok', maxRedirects: 3, minBytesPerSecond: 1 }),
      httpProbe({ url, bodyMatches: /^ok/, keepAliveMs: 1_000, acceptStatuses: [[100, 599]] }),
    ];
  });
  afterAll(() => {
    process.off('unhandledRejection', note);
    server.closeAllConnections();
    server.close();
  });

  it('is judged, in one line, and leaves no rejection', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        answer = given;
        for (const probe of probes) {
          const verdict = await probe(AbortSignal.timeout(20_000));
          expect(isVerdict(verdict)).toBe(true);
          expect(verdict.detail ?? '').not.toMatch(/timed out|\n/);
          expect((verdict.detail ?? '').length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns },
    );
    expect(rejections).toEqual([]);
  }, 600_000);
});

describe('a path of JSON, whatever it is', () => {
  it('is read, or refused by its name', () => {
    fc.assert(
      fc.property(jsonPaths, (path) => {
        for (const make of [httpProbe, h2cProbe]) {
          try {
            make({ url: 'http://a/', bodyJson: { [path]: 1 } });
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID_OPTION', option: expect.stringMatching(/\.bodyJson$/) });
          }
        }
      }),
      { numRuns },
    );
  });
});

describe('an address, however it is spelled', () => {
  const egress = egressPolicy({ deny: ['internal'] });

  it('is judged as the address that it is, and what is none is denied', () => {
    fc.assert(
      fc.property(disguises, ({ address, spelled, isAddress }) => {
        expect(egress.permits(spelled)).toBe(isAddress && egress.permits(address));
      }),
      { numRuns },
    );
  });

  it('of IPv6 that leads to IPv4 is denied', () => {
    fc.assert(
      fc.property(tunnels, (address) => {
        expect(egress.permits(address)).toBe(false);
      }),
      { numRuns },
    );
  });

  it('may be any text, and is judged without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4(), fc.ipV6()), (text) => {
        expect(typeof egress.permits(text)).toBe('boolean');
      }),
      { numRuns },
    );
  });
});
