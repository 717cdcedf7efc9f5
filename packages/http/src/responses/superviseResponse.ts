import { InvalidOptionError, type Refusal, type Session, type Supervisor } from '@watchkeeper/core';
import { objectWith, type Rule, requireOption } from '@watchkeeper/core/options';
import { refusalHeaders, refusalText, refuseRequest } from '../drain/refuseRequest.ts';
import { servedConnections } from '../drain/servedConnections.ts';
import { ResponseEndedError, SupervisedStream } from './supervisedStream.ts';
import {
  type NodeResponse,
  resolveSuperviseResponseOptions,
  type SuperviseResponseOptions,
} from './superviseResponseOptions.ts';
import { watchBody } from './watchedBody.ts';

/** A response that is waited for. */
export interface SupervisedResponse {
  /**
   * The session that stands for it: its own, or over HTTP/1.1 on a drained server that of its connection, which closes
   * after it. `undefined` when there was no slot: then it was answered with 503 and `Retry-After`.
   */
  readonly session: Session | undefined;
  /**
   * Aborts when the response has to end before it is complete: its client has gone, its grace is over, or there was no slot.
   * The reason is a {@link ResponseEndedError}.
   */
  readonly signal: AbortSignal;
}

/** The same of a response of fetch. */
export interface SupervisedFetchResponse extends SupervisedResponse {
  /** Send this one. */
  readonly response: Response;
}

/** The part of a supervisor that supervises responses. */
export type ResponseSupervisor = Pick<Supervisor, 'reserve'>;

type Options = ReturnType<typeof resolveSuperviseResponseOptions>;

const responseRule: Rule<NodeResponse | Response> = {
  is: 'a response of Node, or of fetch',
  accepts: (value): value is NodeResponse | Response =>
    value instanceof Response || objectWith<NodeResponse>('on', 'end', 'destroy').accepts(value),
};

/**
 * Makes a long-lived response a session of the supervisor: a stream of a language model or of MCP, a download, a long poll.
 * A drain tells it to go, waits for it, reports it, and cuts it when the grace is over.
 *
 * Call it when the response begins, and give `signal` to whatever feeds it. On a server of `drainHttpServer`, a response
 * over HTTP/1.1 takes the place of its connection's session, and the connection closes after it; over HTTP/2 it has a
 * session of its own, which takes no slot beside its connection's. A response of fetch is passed on: send the one that is
 * returned.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule, and for a response of fetch whose body is in use.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { setTimeout } from 'node:timers/promises';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { drainHttpServer, superviseResponse } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * const server = createServer(async (_request, response) => {
 *   const { signal } = superviseResponse(keeper, response, { onGoaway: () => response.write('event: moving\n\n') });
 *   while (!signal.aborted) {
 *     response.write('data: token\n\n');
 *     await setTimeout(100);
 *   }
 *   response.end();
 * });
 * drainHttpServer(server, keeper);
 * server.listen(8080);
 * ```
 */
export function superviseResponse(
  keeper: ResponseSupervisor,
  response: NodeResponse,
  options?: SuperviseResponseOptions,
): SupervisedResponse;
export function superviseResponse(
  keeper: ResponseSupervisor,
  response: Response,
  options?: SuperviseResponseOptions,
): SupervisedFetchResponse;
export function superviseResponse(
  keeper: ResponseSupervisor,
  response: NodeResponse | Response,
  options?: SuperviseResponseOptions,
): SupervisedResponse | SupervisedFetchResponse {
  requireOption('superviseResponse.keeper', objectWith<ResponseSupervisor>('reserve'), keeper);
  requireOption('superviseResponse.response', responseRule, response);
  const resolved = resolveSuperviseResponseOptions(options);
  if (!(response instanceof Response)) return superviseNode(keeper, response, resolved);
  const { outgoing } = resolved;
  return outgoing === undefined
    ? superviseFetch(keeper, response, resolved)
    : { ...superviseNode(keeper, outgoing, resolved), response };
}

function superviseNode(keeper: ResponseSupervisor, response: NodeResponse, options: Options): SupervisedResponse {
  const ended = new Promise<boolean>((resolve) => {
    // Of one that has closed before, nothing is heard any more.
    if (isGone(response)) resolve(false);
    else response.once('close', () => resolve(isWhole(response)));
  });
  const { method, url } = response.req;
  const what = `${method} ${url}`;
  const stream = new SupervisedStream({ ...options, what, ended, cut: () => response.destroy() });
  if (isGone(response)) {
    void stream.close('peer');
    return { session: undefined, signal: stream.signal };
  }
  const over = ended.then(() => {});
  const connection = connectionOf(response);
  const below = connection?.connection.isMultiplexed ? connection : undefined;
  if (connection !== undefined && below === undefined) {
    const refusal = connection.supervise(stream, over);
    if (refusal !== undefined) refuseNode(response, stream, refusal);
    return { session: refusal === undefined ? connection.session : undefined, signal: stream.signal };
  }
  const refusal = below?.supervise(stream, over);
  const peer = options.peer ?? (response.socket?.remoteAddress || undefined);
  const opened = refusal ?? open(keeper, stream, ended, peer, below?.session);
  if ('reserved' in opened) refuseNode(response, stream, opened);
  return { session: 'reserved' in opened ? undefined : opened, signal: stream.signal };
}

function superviseFetch(keeper: ResponseSupervisor, response: Response, options: Options): SupervisedFetchResponse {
  const { status, statusText, headers, body: source } = response;
  if (response.bodyUsed || source?.locked) {
    throw new InvalidOptionError(
      'superviseResponse.response',
      'a response whose body nobody has begun to read',
      response,
    );
  }
  // There is nothing to wait for.
  if (source === null) return { session: undefined, signal: new AbortController().signal, response };
  const { body, ended, cut } = watchBody(source);
  const stream = new SupervisedStream({ ...options, ended, cut: () => cut(new ResponseEndedError('forced')) });
  const opened = open(keeper, stream, ended, options.peer, undefined);
  if (!('reserved' in opened)) {
    return { session: opened, signal: stream.signal, response: new Response(body, { status, statusText, headers }) };
  }
  stream.refuse();
  cut(stream.signal.reason);
  const { 'content-length': _, ...refused } = refusalHeaders(opened);
  return {
    session: undefined,
    signal: stream.signal,
    response: new Response(refusalText(opened), { status: 503, headers: refused }),
  };
}

/** Opens a session of the response's own, which ends with it. */
function open(
  keeper: ResponseSupervisor,
  stream: SupervisedStream,
  ended: Promise<boolean>,
  peer: string | undefined,
  below: Session | undefined,
): Session | Refusal {
  const part = below === undefined ? {} : { below: below.id, maxConnectionAgeMs: 0 };
  const slot = keeper.reserve(peer, { whileDraining: true, ...part });
  if (!slot.reserved) return slot;
  const session = slot.open(stream);
  void ended.then(() => session.end('peer'));
  return session;
}

function refuseNode(response: NodeResponse, stream: SupervisedStream, refusal: Refusal): void {
  stream.refuse();
  if (response.headersSent) response.destroy();
  else refuseRequest(response, refusal);
}

function connectionOf(response: NodeResponse) {
  const key = 'stream' in response ? response.stream?.session : response.socket;
  return key ? servedConnections.get(key) : undefined;
}

function isGone(response: NodeResponse): boolean {
  return 'stream' in response ? response.stream.destroyed : response.destroyed || response.socket?.destroyed === true;
}

function isWhole(response: NodeResponse): boolean {
  return 'stream' in response ? response.stream.rstCode === 0 && response.writableEnded : response.writableFinished;
}
