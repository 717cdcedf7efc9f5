import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Refusal } from '@watchkeeper/core';
import type { ConnectionSlot } from './connectionSlot.ts';
import type { Http1Connection } from './http1Connection.ts';
import { refuseStream } from './refuseRequest.ts';

const requestEvents = new Set<string | symbol>(['request', 'checkContinue', 'checkExpectation']);

/** What is known of a server's connections. */
export interface KnownConnections {
  http1(request: IncomingMessage): Http1Connection | undefined;
  http2(session: object | undefined): ConnectionSlot | undefined;
}

/**
 * Comes before all listeners of a server: connections that are about to close hold their requests, and those without a
 * slot are refused theirs.
 *
 * A listener cannot do that: the next one would run all the same, and its handler might answer at once.
 *
 * @returns a function that ends it.
 */
export function holdRequests(server: EventEmitter, known: KnownConnections): () => void {
  const emit = server.emit;
  const ours = (event: string | symbol, ...args: unknown[]): boolean => {
    if (requestEvents.has(event)) {
      const [request, response] = args as [IncomingMessage, ServerResponse];
      const connection = known.http1(request);
      if (connection?.holds) {
        connection.hold(request, response, () => emit.call(server, event, request, response));
        return true;
      }
    } else if (event === 'stream') {
      const [stream, headers] = args as [ServerHttp2Stream, IncomingHttpHeaders];
      const refusal = refusalOf(known.http2(stream.session), headers);
      if (refusal !== undefined) {
        refuseStream(stream, refusal);
        return true;
      }
    }
    return emit.call(server, event, ...args);
  };
  server.emit = ours;
  return () => {
    // Another may have put its own before ours since.
    if (server.emit === ours) Reflect.deleteProperty(server, 'emit');
  };
}

function refusalOf(slot: ConnectionSlot | undefined, headers: IncomingHttpHeaders): Refusal | undefined {
  return slot?.admit(String(headers[':path'] ?? '/'));
}
