import type { Table } from './row.ts';

/** What a server does to a Watch, one after the other: a status, the code of its end, or so many milliseconds of nothing. */
export type WatchStep =
  | { readonly says: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN' }
  | { readonly ends: number }
  | { readonly waitMs: number };

const a17 = 'gRFC A17';

/** A Watch as its client lives it, and what the client then knows: its mode and the status. Chance always says one half. */
export const grpcClient: Table<readonly WatchStep[], string> = {
  title: 'grpc.health.v1: the client',
  foreign: [],
  rows: [
    { rule: 'before the first status nothing is known', source: a17, input: [], expected: 'connecting UNKNOWN' },
    {
      rule: 'the status is what the server said last',
      source: a17,
      input: [{ says: 'SERVING' }, { says: 'NOT_SERVING' }],
      expected: 'watching NOT_SERVING',
    },
    {
      rule: 'an unknown service is watched on',
      source: 'grpc.health.v1, health.proto',
      input: [{ says: 'SERVICE_UNKNOWN' }],
      expected: 'watching SERVICE_UNKNOWN',
    },
    {
      rule: 'a Watch that ends before any status is tried again after a back-off',
      source: a17,
      input: [{ ends: 14 }],
      expected: 'retrying UNKNOWN',
    },
    { rule: 'so is one that ends with OK', source: a17, input: [{ ends: 0 }], expected: 'retrying UNKNOWN' },
    {
      rule: 'the first back-off is a second',
      source: 'gRPC, connection-backoff.md',
      input: [{ ends: 14 }, { waitMs: 1_001 }],
      expected: 'connecting UNKNOWN',
    },
    {
      rule: 'the second is longer',
      source: 'gRPC, connection-backoff.md',
      input: [{ ends: 14 }, { waitMs: 1_001 }, { ends: 14 }, { waitMs: 1_500 }],
      expected: 'retrying UNKNOWN',
    },
    {
      rule: 'a Watch that was answered and ends is made anew at once, and the last status holds',
      source: a17,
      input: [{ says: 'SERVING' }, { waitMs: 2_000 }, { ends: 14 }],
      expected: 'connecting SERVING',
    },
    {
      rule: 'a reconnection that fails is a failure',
      source: a17,
      input: [{ says: 'SERVING' }, { waitMs: 2_000 }, { ends: 14 }, { ends: 14 }],
      expected: 'retrying UNKNOWN',
    },
    {
      rule: 'a server without Watch and Check is not checked',
      source: a17,
      input: [{ ends: 12 }, { waitMs: 60_000 }],
      expected: 'unchecked UNKNOWN',
    },
  ],
};
