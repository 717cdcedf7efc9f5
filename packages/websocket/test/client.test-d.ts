import { createSupervisor } from '@watchkeeper/core';
import { WebSocket as WsWebSocket } from 'ws';
import { createClient } from '../src/client/index.ts';
import { createHub } from '../src/index.ts';

createClient('ws://hub.test/', { connect: (url) => new WsWebSocket(url) });
createClient('ws://hub.test/', { connect: (url) => new WebSocket(url) });
// @ts-expect-error a socket must be able to close
createClient('ws://hub.test/', { connect: () => ({ readyState: 1, send() {}, addEventListener() {} }) });
// @ts-expect-error a misspelt option
createClient('ws://hub.test/', { topic: ['db'] });

// @ts-expect-error a hub needs a supervisor
createHub({});
createHub(createSupervisor(), { authenticate: async () => ({ scope: 'red' }) });
// @ts-expect-error a grant is no boolean
createHub(createSupervisor(), { authenticate: () => true });
// @ts-expect-error a scope is a string
createHub(createSupervisor()).publish('logs', {}, { scope: 1 });
