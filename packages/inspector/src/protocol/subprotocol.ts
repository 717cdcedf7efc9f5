/** The WebSocket subprotocol. A page that speaks another one is refused. */
export const protocolName = 'watchkeeper.inspector.v1';

/** What the token is written after, as a second subprotocol: a browser cannot set headers on a WebSocket. */
export const tokenPrefix = 'token.';
