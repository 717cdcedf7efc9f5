import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http1Connection } from './http1Connection.ts';

const requestEvents = new Set<string | symbol>(['request', 'checkContinue', 'checkExpectation']);

/**
 * Lets connections that are about to close hold their requests, before any listener of the server sees them.
 *
 * A listener cannot do that: the next one would run all the same, and its handler might answer at once.
 *
 * @returns a function that ends it.
 */
export function holdRequests(
  server: EventEmitter,
  connectionOf: (request: IncomingMessage) => Http1Connection | undefined,
): () => void {
  const emit = server.emit;
  const ours = (event: string | symbol, ...args: unknown[]): boolean => {
    if (requestEvents.has(event)) {
      const [request, response] = args as [IncomingMessage, ServerResponse];
      const connection = connectionOf(request);
      if (connection?.holds) {
        connection.hold(request, response, () => emit.call(server, event, request, response));
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
