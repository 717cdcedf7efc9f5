import { type ClientContext, clientMachine } from '../../src/client/clientMachine.ts';
import { clientDefaults } from '../../src/client/clientOptions.ts';
import { type SendQueueContext, sendQueueMachine } from '../../src/connection/sendQueueMachine.ts';
import { batchMachine } from '../../src/entries/batchMachine.ts';
import { throttleMachine } from '../../src/snapshots/throttleMachine.ts';

const client = {
  machine: clientMachine,
  explorations: [
    {
      input: { url: 'ws://localhost/', options: { ...clientDefaults, random: () => 0.5 }, receive: () => {} },
      events: [
        ...['retry', 'close', 'opened'].map((type) => ({ type })),
        { type: 'subscribe', topics: ['a'] },
        { type: 'cursor', cursor: 'h.1' },
        ...[undefined, 60_000].map((reconnectAfterMs) => ({
          type: 'goaway',
          notice: { type: 'goaway', reason: 'draining', graceMs: 100, at: 0, reconnectAfterMs },
        })),
        ...[1000, 1006].map((code) => ({ type: 'closed', code, reason: '' })),
      ],
      remembers: ({ returnMs = 0, waitMs }: ClientContext) => returnMs > waitMs,
    },
  ],
};

const frame = Buffer.from('a frame');

const sendQueue = {
  machine: sendQueueMachine,
  explorations: [
    {
      input: { maxQueued: 2, send: () => {} },
      events: [
        ...['written', 'finish'].map((type) => ({ type })),
        { type: 'enqueue', queued: { frame } },
        { type: 'enqueue', queued: { frame, latestOf: 'health' } },
      ],
      remembers: ({ queue, lost }: SendQueueContext) => [queue.map(({ latestOf }) => latestOf), lost],
    },
  ],
};

const batch = {
  machine: batchMachine,
  explorations: [
    {
      input: { maxEntries: 2, batchMs: 10, emit: () => {} },
      events: [{ type: 'entry', key: {}, entry: '{}' }, { type: 'flush' }],
    },
  ],
};

const throttle = {
  machine: throttleMachine,
  explorations: [{ input: { minIntervalMs: 10, publish: () => {} }, events: [{ type: 'touch' }, { type: 'flush' }] }],
};

/** The charts of this package, and how each is explored. */
export const charts = () => [client, sendQueue, batch, throttle];
