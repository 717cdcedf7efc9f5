import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startHaproxy, startNginx } from './foreignProxies.ts';
import { foreignLoads, isInstalled } from './foreignTools.ts';
import { idleGapMs, type LoadInput, loads } from './loads.ts';
import { type InstanceReport, type RestartsInput, restartUnderLoad } from './rollingRestarts.ts';

const restarts = Number(process.env['WATCHKEEPER_RESTARTS'] ?? 1);
const noticeMs = 40 * idleGapMs;
const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-foreign-'));
const bodyFile = join(folder, 'body');
writeFileSync(bodyFile, 'x'.repeat(2_000));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Run = (input: LoadInput) => Promise<void>;

const ours = (...names: readonly string[]): Run[] => names.flatMap((name) => loads[name]?.run ?? []);

interface Case extends Pick<RestartsInput, 'balance' | 'server'> {
  readonly name: string;
  readonly programs: readonly string[];
  readonly hangsUp?: true;
  readonly clients: readonly Run[];
}

const kept = ours('Node’s agent', 'POST with bodies', 'POST with bodies', 'undici', 'slow uploads');
// nginx closes connections of its own clients when it is reloaded: those who keep theirs would show nothing of us.
const single = ours('a new connection for each request', 'a new connection for each request');

const cases: readonly Case[] = [
  ...foreignLoads(bodyFile).map(({ run, program, needsProxy, ...one }) => ({
    ...one,
    clients: [run],
    programs: needsProxy ? [program, 'haproxy'] : [program],
    ...(needsProxy && { balance: (ports: readonly number[]) => startHaproxy(ports, folder, true) }),
  })),
  {
    name: 'HAProxy, POST and GET',
    server: 'http1',
    programs: ['haproxy'],
    clients: kept,
    balance: (ports) => startHaproxy(ports, folder),
  },
  {
    name: 'nginx, POST',
    server: 'http1',
    programs: ['nginx'],
    clients: [...single, ...single],
    balance: (ports) => startNginx(ports, folder),
  },
];

const total = (reports: readonly InstanceReport[], count: 'begun' | 'answered') =>
  reports.reduce((sum, report) => sum + report[count], 0);

const missing = ({ programs }: Case) => programs.filter((program) => !isInstalled(program));
for (const one of cases) {
  const absent = missing(one);
  if (absent.length > 0) console.log(`Skipped, as ${absent} is not installed: rolling restarts with ${one.name}`);
}

describe(`${restarts} rolling restarts under the load of programs of others`, () => {
  it.each(cases.filter((one) => missing(one).length === 0))(
    'lose nothing with a notice longer than pauses are: $name',
    async ({ name, server, clients, balance, hangsUp }) => {
      const run = (ms: number) =>
        restartUnderLoad({
          server,
          clients,
          ...(balance === undefined ? {} : { balance }),
          restarts,
          noticeMs: ms,
          lagMs: ms / 4,
          certificates: folder,
          ca: '',
        });
      const { tally, reports } = await run(noticeMs);
      console.log(figures(name, noticeMs, tally, reports));
      expect(tally.failed).toEqual([]);
      expect([tally.answered, tally.asked > 0]).toEqual([tally.asked, true]);
      for (const { begun, answered, ...end } of reports) {
        expect(end).toEqual({ forced: 0, reason: 'drained' });
        if (!hangsUp) expect(answered).toBe(begun);
      }
      if (process.env['WATCHKEEPER_FIGURES'] === undefined) return;
      // Without a notice two windows stay open: how wide they are is measured, not asserted.
      const bare = await run(0);
      console.log(figures(name, 0, bare.tally, bare.reports));
    },
    120_000 + restarts * 120_000,
  );
});

function figures(
  name: string,
  ms: number,
  {
    asked,
    answered,
    failed,
  }: { readonly asked: number; readonly answered: number; readonly failed: readonly string[] },
  reports: readonly InstanceReport[],
): string {
  const servers = `begun ${total(reports, 'begun')}, answered ${total(reports, 'answered')}`;
  const lost = [...new Set(failed)].map((why) => `${failed.filter((each) => each === why).length} ${why}`).join(', ');
  return `| ${name} | ${ms} | ${asked} | ${answered} | ${failed.length}${lost && ` (${lost})`} | ${servers} |`;
}
