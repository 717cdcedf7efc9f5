import type { Notice } from '@watchkeeper/core';
import { WebSocket } from 'ws';
import { readEvents } from './eventSource.ts';

/** Programs that want to know: each connects, subscribes, and connects again when it was cut off. */
export interface Clients extends AsyncDisposable {
  /** How many notices all of them were told. */
  readonly told: number;
}

/** Connects once and stays until the connection is over; settles then. */
type Visit = (hear: (notice: Notice) => void, signal: AbortSignal) => Promise<void>;

const reconnectMs = 1_000;
const visitorStayMs = 9_000;

/** Connects three WebSocket clients, two readers of the event stream, and one client that comes and goes. */
export function connectClients(host: string): Clients {
  const leaving = new AbortController();
  let told = 0;
  let sentAway = false;
  const hear = (notice: Notice) => {
    told += 1;
    sentAway ||= notice.type === 'goaway';
  };
  const stay = async (visit: Visit) => {
    while (!leaving.signal.aborted && !sentAway) {
      await visit(hear, leaving.signal).catch(() => {});
      await pause(reconnectMs, leaving.signal);
    }
  };
  const socket = `ws://${host}/socket`;
  const feed = `http://${host}/feed`;
  const polite = visitSocket(socket, { leavesWhenTold: true });
  const deaf = visitSocket(socket, { leavesWhenTold: false });
  const passing: Visit = (hear, signal) => polite(hear, AbortSignal.any([signal, AbortSignal.timeout(visitorStayMs)]));
  const over = Promise.all([polite, polite, deaf, visitFeed(feed), visitFeed(feed), passing].map(stay));
  return {
    get told() {
      return told;
    },
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await over;
    },
  };
}

/** One that does not leave when told to go is there to be closed by force. */
function visitSocket(url: string, { leavesWhenTold }: { readonly leavesWhenTold: boolean }): Visit {
  return (hear, signal) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      const leave = () => socket.close(1000);
      signal.addEventListener('abort', leave);
      socket.on('message', (message) => {
        const notice = JSON.parse(String(message)) as Notice;
        hear(notice);
        if (notice.type === 'goaway' && leavesWhenTold) leave();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        signal.removeEventListener('abort', leave);
        resolve();
      });
    });
}

function visitFeed(url: string): Visit {
  return async (hear, signal) => {
    for await (const { event, data } of readEvents(url, signal)) {
      if (event !== 'health' && event !== 'goaway') continue;
      hear(JSON.parse(data) as Notice);
      if (event === 'goaway') return;
    }
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
