/** WebSocket subprotocol. A page with another one is refused. */
export const protocolName = 'watchkeeper.inspector.v1';

/** Prefix of the token in a second subprotocol: a browser cannot set headers on a WebSocket. */
export const tokenPrefix = 'token.';
