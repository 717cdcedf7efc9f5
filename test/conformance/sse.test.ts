import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SseParser, watchSse } from '@watchkeeper/http/client';
import { EventSource as NpmEventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
import { EventSource as UndiciEventSource } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { type SseOutcome, sseEvents } from './rows/sseEvents.ts';
import { type SseResponse, sseReconnection } from './rows/sseReconnection.ts';

type Events = [type: string, data: string, id: string][];

const latin1 = (id: string) => Buffer.from(id).toString('latin1') || undefined;

/** A client that follows `url` until it is closed; what it dispatches goes to `events`. */
type Follow = (url: string, types: readonly string[], events: Events) => { close(): void; isClosed(): boolean };

interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: never) => void): void;
  close(): void;
}

const byEventSource =
  (make: (url: string) => EventSourceLike): Follow =>
  (url, types, events) => {
    const source = make(url);
    for (const type of types) {
      source.addEventListener(type, ({ data, lastEventId }: { data: string; lastEventId: string }) =>
        events.push([type, data, lastEventId]),
      );
    }
    return { close: () => source.close(), isClosed: () => source.readyState === 2 };
  };

const ours: Follow = (url, _, events) => {
  const report: Parameters<typeof watchSse>[1]['report'] = (event) => {
    if (event.type === 'skipped') events.push([event.event, event.data, '']);
  };
  const watch = watchSse(url, { onNotice: () => {}, report, retryMs: 1, maxRetryMs: 10, random: () => 0 });
  return { close: () => watch.close(), isClosed: () => watch.state === 'closed' };
};

const followers: Readonly<Record<string, Follow>> = {
  eventsource: byEventSource((url) => new NpmEventSource(url) as EventSourceLike),
  undici: byEventSource((url) => new UndiciEventSource(url) as EventSourceLike),
};

/** Serves `responses` to one request after the other; the last one again and again. */
async function serve(responses: readonly (SseResponse & { readonly pieces?: readonly string[] })[]) {
  const cursors: (string | undefined)[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const {
      status,
      headers = {},
      body,
      pieces = [],
    } = responses[Math.min(cursors.length, responses.length - 1)] ?? {
      status: 204,
    };
    cursors.push(request.headers['last-event-id'] as string | undefined);
    for (const look of waiting) look();
    response.writeHead(status, headers);
    response.flushHeaders();
    for (const piece of pieces) {
      // A turn of the loop between two writes makes two pieces of them.
      await new Promise<void>((resolve) => response.write(piece, () => setImmediate(resolve)));
    }
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const requests = async (count: number) => {
    while (cursors.length < count) {
      await new Promise<void>((resolve) => {
        const look = () => {
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
    }
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, cursors, requests };
}

const stream = { 'Content-Type': 'text/event-stream' };

type SseRow = (typeof sseEvents.rows)[number];

const typesOf = ({ expected }: SseRow) => [...new Set(['message', ...expected.events.map(([type]) => type)])];

/** Foreign clients wait three seconds; one that is known not to come back is waited for a while only. */
const neverMs = 12_000;

/** What a client makes of a stream, whose second request shows its cursor. */
async function outcomeOf(follow: Follow, row: SseRow, limitMs?: number): Promise<SseOutcome> {
  const { input: pieces } = row;
  const types = typesOf(row);
  const { url, cursors, requests } = await serve([{ status: 200, headers: stream, pieces }, { status: 204 }]);
  const events: Events = [];
  const { close } = follow(url, types, events);
  const isBack = await Promise.race([
    requests(2).then(() => true),
    ...(limitMs === undefined ? [] : [sleep(limitMs, false)]),
  ]);
  close();
  return { events, cursor: isBack ? cursors[1] : 'never came back' };
}

describe(sseEvents.title, () => {
  it.each(sseEvents.rows)('$rule ($source)', (row) => {
    const parser = new SseParser();
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const parts = row.input.flatMap((piece) => parser.push(decoder.decode(Buffer.from(piece), { stream: true })));
    const events = parts.flatMap((part) => (part.type === 'event' ? [[part.event, part.data, part.lastEventId]] : []));
    const last = parts.findLast((part) => part.type !== 'retry');
    expect({ events, cursor: latin1(last?.lastEventId ?? '') }).toEqual(row.expected);
  });

  it.each(sseEvents.rows)('eventsource-parser: $rule', (row) => {
    const events: Events = [];
    let id = '';
    const parser = createParser({
      onEvent: (event) => {
        // It reports the id of the event itself; that an id holds is left to its user, and so is the byte order mark.
        id = event.id ?? id;
        events.push([event.event ?? 'message', event.data, id]);
      },
    });
    const decoder = new TextDecoder();
    for (const piece of row.input) parser.feed(decoder.decode(Buffer.from(piece), { stream: true }));
    expectAgreement({ ...row, expected: row.expected.events }, 'eventsource-parser', events);
  });

  it('is read by watchSse and by foreign clients over real connections, and each comes back with the same cursor', async () => {
    const made = await Promise.all(
      sseEvents.rows.map(async (row) => ({
        row,
        ours: await outcomeOf(ours, row),
        foreign: await Promise.all(
          Object.entries(followers).map(
            async ([name, follow]) =>
              [name, await outcomeOf(follow, row, row.differs?.[name] === undefined ? undefined : neverMs)] as const,
          ),
        ),
      })),
    );
    for (const { row, ours, foreign } of made) {
      const { events, cursor } = row.expected;
      expect(ours, row.rule).toEqual({ events: events.map(([type, data]) => [type, data, '']), cursor });
      for (const [name, outcome] of foreign) expectAgreement(row, name, outcome);
    }
  }, 120_000);
});

describe(sseReconnection.title, () => {
  /** The end of `follow` after a response, or its next request. */
  async function reactionOf(follow: Follow, response: SseResponse) {
    const { url, requests } = await serve([response, { status: 204 }]);
    const { close, isClosed } = follow(url, [], []);
    const again = requests(2).then(() => 'asks again' as const);
    const isOver = { yes: false };
    const gone = (async () => {
      while (!isOver.yes && !isClosed()) await new Promise((resolve) => setTimeout(resolve, 5));
      return 'gives up' as const;
    })();
    const reaction = await Promise.race([again, gone]);
    isOver.yes = true;
    close();
    return reaction;
  }

  it.each(sseReconnection.rows)(
    '$rule ($source)',
    async (row) => {
      const foreign = Object.entries(followers).map(
        async ([name, follow]) => [name, await reactionOf(follow, row.input)] as const,
      );
      expect(await reactionOf(ours, row.input)).toBe(row.expected);
      for (const [name, reaction] of await Promise.all(foreign)) expectAgreement(row, name, reaction);
    },
    60_000,
  );
});
