import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fork } from './forked.ts';

type Heard = { readonly type: string; readonly topic?: string; readonly reset?: boolean };

/** A client of the feed with all it heard; `met` settles once something it heard, or has heard, fits. */
function join(url: string, query = '') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}socket${query}`);
  const heard: Heard[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const refused = new Promise<{ status: number | undefined; retryAfter: string | undefined }>((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'] });
      response.destroy();
    });
  });
  socket.on('error', () => {});
  socket.on('message', (message) => {
    heard.push(JSON.parse(String(message)));
    socket.emit('heard');
  });
  const met = (fits: (each: Heard) => boolean) =>
    new Promise<Heard>((resolve) => {
      const look = () => {
        const found = heard.find(fits);
        if (found !== undefined) resolve(found);
      };
      socket.on('heard', look);
      look();
    });
  return { socket, heard, closed, refused, met };
}

describe('the live feed, as a program', () => {
  it('tells the present first, refuses above its cap, ends who reads nothing, and drains on SIGTERM', async () => {
    await using program = fork(
      process.execPath,
      'examples/live-feed/dist/main.js',
      ...['--port', '0', '--max-clients', '2'],
    );
    const url = /http:\S+/.exec(await program.line(/^The feed: /))?.[0] ?? '';
    await program.line(/^payments is healthy/);

    const reader = join(url, '?topic=&topic=figures');
    expect(await reader.met(({ type }) => type === 'health')).toMatchObject({ topic: '', health: 'healthy' });
    expect(await reader.met(({ type }) => type === 'snapshot')).toMatchObject({ topic: 'figures', reset: true });
    expect(reader.heard.some(({ topic }) => topic === 'orders' || topic === 'payments')).toBe(false);
    reader.socket.send(JSON.stringify({ type: 'subscribe', topics: ['orders'] }));
    await reader.met(({ type, topic }) => type === 'entries' && topic === 'orders');

    const stuck = join(url);
    stuck.socket.on('open', () => stuck.socket.pause());
    await program.line(/^client 2 came \(2 now\)/);
    expect(await join(url).refused).toEqual({ status: 503, retryAfter: '1' });
    await program.line(/^client 2 reads nothing/);
    await program.line(/^client 2 went: stalled \(1 now\)/);
    stuck.socket.terminate();

    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const events = await fetch(`${url}events`, { headers: { accept: 'text/event-stream' } });
    program.signal('SIGTERM');
    await reader.met(({ type }) => type === 'goaway');
    expect((await fetch(`${url}livez`)).status).toBe(200);
    expect((await fetch(`${url}readyz`)).status).toBe(503);
    expect(await events.text()).toContain('event: goaway');
    reader.socket.close(1000);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.lines.at(-1)).toMatch(/^2 clients: 2 left by themselves, 0 were cut; \d+ ms$/);
  });
});
