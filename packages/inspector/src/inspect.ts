import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { eventSource, InvalidOptionError, objectWith, type Rule, requireOption } from '@watchkeeper/core/options';
import { type WebSocket, WebSocketServer } from 'ws';
import { AllowedEvents } from './commands/allowedEvents.ts';
import {
  allowsEvents,
  type InspectOptions,
  type ResolvedInspectOptions,
  resolveInspectOptions,
} from './inspectOptions.ts';
import type { InspectedSupervisor } from './observed/inspectedSupervisor.ts';
import { protocolName } from './protocol/subprotocol.ts';
import { EventRecorder } from './record/eventRecorder.ts';
import { listenNear } from './server/listenNear.ts';
import { PageConnections } from './server/pageConnections.ts';
import { readPageFiles } from './server/pageFiles.ts';
import { answer, send } from './server/pageResponse.ts';
import { RefusedSockets } from './server/refusedSockets.ts';
import { rejectUpgrade } from './server/requestGuard.ts';
import { type ActorSource, polledActors, watchedActors } from './stream/actorSource.ts';
import { Stream } from './stream/stream.ts';
import { type XStateActor, xstateSupervisor } from './xstate/xstateSupervisor.ts';

/** A running inspector. */
export interface Inspector extends AsyncDisposable {
  /** The address to open. With `access: 'link'` it carries the secret that lets one in. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** The port that was asked for; another than {@link Inspector.port} when it was taken. */
  readonly wantedPort: number;
  /** Closes every page and the server; resolves when the port is free again. Never rejects. */
  close(): Promise<void>;
}

/** Longest message of a page, in bytes; a longer one closes its connection with 1009. */
export const mostInboundBytes = 16_384;

/** How long a page may take to answer that its connection closes, in milliseconds. */
const closePageMs = 500;

const watchedRule: Rule<InspectedSupervisor | XStateActor> = {
  is: 'a supervisor, or an actor of XState',
  accepts: (value): value is InspectedSupervisor | XStateActor =>
    eventSource<InspectedSupervisor>('actors', 'stats').accepts(value) ||
    (objectWith<XStateActor>('getSnapshot').accepts(value) && typeof value.sessionId === 'string'),
};

/**
 * Serves a page that shows every actor of a supervisor, or of any XState program, live, on 127.0.0.1 only. No actor is
 * read while no page is open, and nothing can be changed from the page unless `commands` or `events` allow it.
 *
 * The caller must close it: after the drain, so that the drain can be watched.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule, and for `events` with a supervisor.
 * @throws {@link NoFreePortError} when the port and the next nineteen are taken.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { inspect } from '@watchkeeper/inspector';
 *
 * const keeper = createSupervisor({ name: 'orders' });
 * const inspector = await inspect(keeper, { port: 4600 });
 * console.log(`Inspector: ${inspector.url}`);
 * ```
 */
export async function inspect(watched: InspectedSupervisor | XStateActor, given?: InspectOptions): Promise<Inspector> {
  requireOption('inspect.watched', watchedRule, watched);
  const options = resolveInspectOptions(given);
  const supervisor = 'actors' in watched ? watched : xstateSupervisor(watched);
  const { port: wantedPort, access } = options;
  const token = randomBytes(24).toString('base64url');
  const files = readPageFiles();
  const events = allowedEvents(supervisor, options);
  const stream = createStream(supervisor, options, events);

  let port = wantedPort;
  const server = createServer((request, response) =>
    send(request, response, answer(request, { guard: { port, token }, files, givesToken: access === 'machine' })),
  );
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostInboundBytes,
    handleProtocols: () => protocolName,
  });
  const pages = new PageConnections(stream, supervisor, options, events);
  const refused = new RefusedSockets(options.clock);
  server.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy());
    const rejection = rejectUpgrade(request, { port, token }) ?? pages.rejection;
    if (rejection !== undefined) refused.refuse(socket, rejection);
    else sockets.handleUpgrade(request, socket, head, (opened) => pages.accept(opened));
  });

  port = await listenNear(server, wantedPort);
  const close = async (): Promise<void> => {
    stream.close();
    pages.close();
    const freed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all(Array.from(sockets.clients, closePage));
    server.closeAllConnections();
    refused.close();
    await freed;
  };
  return {
    url: `http://127.0.0.1:${port}/${access === 'link' ? `#t=${token}` : ''}`,
    port,
    wantedPort,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Closes the connection of a page behind what it was sent last; one that does not answer is cut off. */
function closePage(page: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => page.terminate(), closePageMs);
    page.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    page.close(1001, 'the program ends');
  });
}

function sourceOf(supervisor: InspectedSupervisor): ActorSource {
  const { watchActors } = supervisor;
  return watchActors === undefined
    ? polledActors(supervisor)
    : watchedActors({ watchActors: () => watchActors.call(supervisor) });
}

function allowedEvents(supervisor: InspectedSupervisor, options: ResolvedInspectOptions): AllowedEvents | undefined {
  if (!allowsEvents(options)) return undefined;
  if (supervisor.reach === undefined) {
    throw new InvalidOptionError('inspect.events', 'for a plain XState program, not for a supervisor', options.events);
  }
  return new AllowedEvents(supervisor, options.events);
}

function createStream(
  supervisor: InspectedSupervisor,
  { clock, tickMs, history, commands }: ResolvedInspectOptions,
  events: AllowedEvents | undefined,
): Stream {
  return new Stream({
    supervisor,
    source: sourceOf(supervisor),
    recorder: new EventRecorder(supervisor, () => clock.now()),
    remembersAlways: history === 'always',
    commands,
    events,
    clock,
    tickMs,
    stopwatch: () => performance.now(),
    epoch: randomBytes(6).toString('hex'),
  });
}
