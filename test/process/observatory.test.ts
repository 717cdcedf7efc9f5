import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Forked, fork } from './forked.ts';

const observatory = (...args: string[]) => fork(process.execPath, 'examples/observatory/dist/main.js', ...args);

/** Sends a second signal to a program that drains since the first. */
async function endsAtOnce(program: Forked, name: NodeJS.Signals, code: number) {
  // Two signals within a moment are one Ctrl-C that came two ways.
  await pause(400);
  program.signal(name);
  expect(await program.ended).toEqual({ code, signal: null });
  expect(program.lines.filter((line) => line.startsWith('Drained'))).toEqual([]);
}

describe.concurrent('the observatory, as a program', () => {
  it('watches real targets, and on SIGTERM drains everybody, reports it and exits with 0 (INV-25)', async () => {
    // By npm, as people do: the signal is for npm, which has to pass it on and to wait.
    await using program = fork('npm', 'start', '--ignore-scripts', '--', '--port', '0');
    const inspector = /http:\S+/.exec(await program.line(/^Inspector: /))?.[0] ?? '';
    const health = /http:\S+/.exec(await program.line(/^Health: /))?.[0] ?? '';
    await program.line(/web is healthy/);
    await program.line(/mesh is healthy/);
    await program.line(/mail is healthy/);
    await program.line(/nobody is unhealthy \(connection refused\)/);
    expect((await fetch(inspector)).status).toBe(200);
    expect((await fetch(new URL('/readyz', health))).status).toBe(200);
    const { checks } = (await (await fetch(health)).json()) as { checks: Record<string, unknown> };
    expect(Object.keys(checks)).toContain('nobody:health');

    program.signal('SIGTERM');
    await program.line(/drain: giving clients time to finish/);
    expect((await fetch(new URL('/livez', health))).status).toBe(200);
    expect((await fetch(new URL('/readyz', health))).status).toBe(503);
    await program.line(/^Drained after \d+\.\d s\.$/);
    expect(await program.line(/clients: /)).toMatch(/6 clients: 5 left by themselves, 1 closed by force/);
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });

  it('takes orders at its desk, from its own page only: trouble, a crash, a flood, and the drain, which Ctrl-C ends at once, with 130, and a second SIGTERM does not', async () => {
    await using program = observatory('--port', '0');
    const url = /http:\S+/.exec(await program.line(/^Controls: /))?.[0] ?? '';
    const order = (words: object, origin = new URL(url).origin) =>
      fetch(`${url}desk`, { method: 'POST', headers: { origin }, body: JSON.stringify(words) });
    await program.line(/shop is healthy/);
    expect((await order({ key: 'x' }, 'https://elsewhere.example')).status).toBe(403);
    expect((await order({ key: 'd', target: 'nothing we know' })).status).toBe(400);

    expect(await (await order({ key: 'd', target: 'mail' })).json()).toMatchObject({ said: 'mail: down' });
    // A check that is under way when the target goes is reset instead.
    await program.line(/mail is unhealthy \(connection (refused|reset)\)/);
    await order({ key: 'r', target: 'mesh' });
    await program.line(/mesh is unhealthy \(connection reset\)/);
    await order({ key: 'c' });
    await order({ key: 'p', target: 'mute' });
    await program.line(/monitor \w+ died: Error: crashed on purpose/);
    const { said } = (await (await order({ key: 'f' })).json()) as { said: string };
    // One of those that are there comes and goes.
    expect(said).toMatch(/^24[45] clients came in, 5[56] were refused$/);
    await program.line(/monitor \w+ was started again/);
    await program.line(/no alert for shop: it is mail that is down/);

    await order({ key: 'x' });
    await program.line(/^SIGTERM: draining/);
    await program.line(/drain: giving clients time to finish/);
    program.signal('SIGTERM');
    await endsAtOnce(program, 'SIGINT', 130);
  });

  it('takes the next free port when the wanted one is taken, says so, and ends at once on a second SIGINT, with 130', async () => {
    await using occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    await using program = observatory('--port', String(port));
    expect(await program.line(/is taken/)).toContain(`Port ${port} is taken`);
    expect(await program.line(/^Inspector: /)).not.toContain(`:${port}/`);
    await program.line(/web is healthy/);
    program.signal('SIGINT');
    await program.line(/drain: giving clients time to finish/);
    await endsAtOnce(program, 'SIGINT', 130);
  });

  it('answers words it does not know with one clear line and exit code 2', async () => {
    await using program = observatory('--prot', '1');
    expect(await program.ended).toEqual({ code: 2, signal: null });
    expect(program.lines).toEqual([expect.stringMatching(/--prot.*Usage: npm start/)]);
  });
});

describe('a forked program', () => {
  it('fails whoever waits for a line it ends without', async () => {
    await using program = fork(process.execPath, '--version');
    await expect(program.line(/never printed/)).rejects.toThrow(/The program ended before a line like .*never printed/);
  });
});
