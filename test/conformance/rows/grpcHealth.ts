import type { Table } from './row.ts';

/** What a server that serves `''` and `api` is asked, and how `api` becomes while it is watched. */
export interface HealthCalls {
  readonly call: 'Check' | 'Watch';
  readonly service: string;
  /** The health of `api` before the call, and then one after the other. */
  readonly api: readonly ('SERVING' | 'NOT_SERVING')[];
  /** How many words are waited for. */
  readonly words: number;
}

const proto = 'grpc.health.v1, health.proto';

/** Calls of a health service, and what its client hears: statuses, and the code of an end. */
export const grpcHealth: Table<HealthCalls, readonly string[]> = {
  title: 'grpc.health.v1: the server',
  foreign: ['grpc-health-check'],
  rows: [
    {
      rule: 'Check of the whole server is answered',
      source: proto,
      input: { call: 'Check', service: '', api: ['SERVING'], words: 1 },
      expected: ['SERVING'],
    },
    {
      rule: 'Check says that a service does not serve',
      source: proto,
      input: { call: 'Check', service: 'api', api: ['NOT_SERVING'], words: 1 },
      expected: ['NOT_SERVING'],
    },
    {
      rule: 'Check of an unknown service is NOT_FOUND',
      source: proto,
      input: { call: 'Check', service: 'x', api: ['SERVING'], words: 1 },
      expected: ['error 5'],
    },
    {
      rule: 'Watch says the present status at once',
      source: proto,
      input: { call: 'Watch', service: 'api', api: ['NOT_SERVING'], words: 1 },
      expected: ['NOT_SERVING'],
    },
    {
      rule: 'Watch says each change',
      source: proto,
      input: { call: 'Watch', service: 'api', api: ['SERVING', 'NOT_SERVING', 'SERVING'], words: 3 },
      expected: ['SERVING', 'NOT_SERVING', 'SERVING'],
    },
    {
      rule: 'Watch says a status once while it stays',
      source: proto,
      input: { call: 'Watch', service: 'api', api: ['SERVING', 'SERVING', 'NOT_SERVING'], words: 2 },
      expected: ['SERVING', 'NOT_SERVING'],
      differs: { 'grpc-health-check': 'it writes a status again whenever it is set' },
    },
    {
      rule: 'Watch of an unknown service says SERVICE_UNKNOWN and stays open',
      source: proto,
      input: { call: 'Watch', service: 'x', api: ['SERVING'], words: 1 },
      expected: ['SERVICE_UNKNOWN'],
    },
  ],
};
