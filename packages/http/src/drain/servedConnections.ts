import type { ConnectionSlot } from './connectionSlot.ts';

/** The slots of the connections of drained servers, by socket, or by session of HTTP/2. */
export const servedConnections = new WeakMap<object, ConnectionSlot>();
