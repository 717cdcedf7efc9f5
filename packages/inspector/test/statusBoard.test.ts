import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSupervisor, defineProbe, type Verdict } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { statusBoardHtml } from '../src/statusBoard/statusBoardHtml.ts';
import { createStatusBoard, InvalidOptionError, type StatusBoardOptions } from '../src/statusBoardEntry.ts';

async function watched() {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ name: 'shop', clock });
  let verdict: Verdict = { status: 'pass' };
  keeper.monitor(
    'api',
    defineProbe('api', async () => verdict),
    { intervalMs: 1_000, jitter: 0 },
  );
  keeper.monitor(
    'hidden',
    defineProbe('hidden', async () => ({ status: 'fail', detail: 'db.internal:5432' })),
  );
  keeper.start();
  await clock.advance(1);
  const board = createStatusBoard(keeper, {
    title: 'Shop <script>',
    groups: [{ name: 'Buying', targets: { api: 'Ordering & paying', later: 'Later' } }],
    clock,
  });
  const become = async (next: Verdict, forMs: number) => {
    verdict = next;
    await clock.advance(forMs);
  };
  return { clock, keeper, board, become };
}

/** What a request is answered. */
function ask(
  board: { respond(request: IncomingMessage, response: ServerResponse): void },
  url: string,
  method = 'GET',
) {
  const answer = { status: 0, headers: {} as Record<string, string>, body: '' };
  const response = {
    writeHead(status: number, headers: Record<string, string>) {
      Object.assign(answer, { status, headers });
    },
    end(body?: string) {
      answer.body = body ?? '';
    },
  };
  board.respond({ url, method } as IncomingMessage, response as unknown as ServerResponse);
  return answer;
}

describe('the status board', () => {
  it('shows how each named target fares, its uptime, and each time it was down', async () => {
    const { board, become } = await watched();
    await become({ status: 'pass' }, 60_000);
    await become({ status: 'fail', detail: 'db.internal:5432 refused' }, 60_000);
    expect(board.snapshot().groups[0]?.targets[0]).toMatchObject({ name: 'Ordering & paying', health: 'down' });
    await become({ status: 'pass' }, 60_000);
    const { groups, incidents } = board.snapshot();
    const [ordering, later] = groups[0]?.targets ?? [];
    expect(ordering?.health).toBe('works');
    expect(ordering?.uptime).toBeCloseTo(2 / 3, 1);
    expect(later).toMatchObject({ name: 'Later', health: 'unknown' });
    expect(incidents).toHaveLength(1);
    expect((incidents[0]?.until ?? 0) - (incidents[0]?.from ?? 0)).toBeCloseTo(60_000, -4);
  });

  it('tells nothing that was not given to it to tell, and writes names as text', async () => {
    const { board, become } = await watched();
    await become({ status: 'fail', detail: 'db.internal:5432 refused' }, 10_000);
    for (const url of ['/status', '/status.json']) {
      expect(ask(board, url).body).not.toMatch(/db\.internal|ledger|"api"/);
    }
    const { body, headers } = ask(board, '/');
    expect(body).toContain('Shop &#60;script&#62;');
    expect(body).toContain('1 of 2 is down');
    expect(body).not.toMatch(/<script|style="|https?:\/\//);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });

  it('finds a target that is registered later', async () => {
    const { board, keeper, clock } = await watched();
    keeper.monitor(
      'later',
      defineProbe('later', async () => ({ status: 'warn' })),
    );
    await clock.advance(10);
    expect(board.snapshot().groups[0]?.targets[1]).toMatchObject({ name: 'Later', health: 'limited' });
  });

  it('keeps groups apart that have equal names, and the incidents of targets that do', async () => {
    const { clock, keeper } = await watched();
    const verdicts = new Map<string, Verdict>();
    for (const id of ['north', 'south']) {
      const probe = defineProbe(id, async () => verdicts.get(id) ?? { status: 'pass' });
      keeper.monitor(id, probe, { intervalMs: 1_000, jitter: 0 });
    }
    await clock.advance(1);
    const board = createStatusBoard(keeper, {
      title: 'Shop',
      groups: [
        { name: 'Stores', targets: { north: 'Store' } },
        { name: 'Stores', targets: { south: 'Store' } },
      ],
      clock,
    });
    for (const id of ['north', 'south']) {
      verdicts.set(id, { status: 'fail' });
      await clock.advance(60_000);
    }
    verdicts.delete('north');
    await clock.advance(60_000);
    const { groups, incidents } = board.snapshot();
    const healths = groups.map(({ targets }) => targets.map(({ health }) => health));
    expect(healths).toEqual([['works'], ['down']]);
    expect(incidents.map(({ group, name, until }) => [group, name, until !== undefined])).toEqual([
      ['Stores', 'Store', false],
      ['Stores', 'Store', true],
    ]);
  });

  it('never rounds an uptime up to 100 % beside an incident', () => {
    const percentages = [0.999_999, 0.999_72, 0.9995, 0.570_04, 1].map((uptime) => {
      const target = { name: 'api', health: 'works', uptime, bars: [] } as const;
      const groups = [{ name: 'all', targets: [target] }];
      const page = statusBoardHtml({ title: '', at: 0, barMs: 60_000, groups, incidents: [] });
      return /([\d.]+) % up/.exec(page)?.[1];
    });
    expect(percentages).toEqual(['99.99', '99.97', '99.95', '57.00', '100']);
  });

  it('refuses every method but GET and HEAD', async () => {
    const { board } = await watched();
    expect(ask(board, '/', 'POST')).toMatchObject({ status: 405, body: '' });
    expect(ask(board, '/', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('does not change after close()', async () => {
    const { board, become } = await watched();
    board.close();
    await become({ status: 'fail' }, 10_000);
    expect(board.snapshot().incidents).toEqual([]);
  });

  it.each([
    ['title', ''],
    ['groups', [{ name: 'x' }]],
    ['barMs', 1],
    ['bars', 0],
    ['mostIncidents', 0],
    ['titel', 'Shop'],
  ])('refuses the option %s = %j by its name', (name, value) => {
    const keeper = createSupervisor();
    const options = { title: 'x', groups: [], [name]: value } as unknown as StatusBoardOptions;
    expect(() => createStatusBoard(keeper, options)).toThrow(InvalidOptionError);
    expect(() => createStatusBoard(keeper, options)).toThrow(`statusBoard.${name}`);
  });
});
