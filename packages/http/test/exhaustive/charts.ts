import { signalDefaults } from '../../src/signals/signalOptions.ts';
import { signalsMachine } from '../../src/signals/signalsMachine.ts';
import { type WatchSseContext, watchSseMachine } from '../../src/sseClient/watchSseMachine.ts';
import { watchSseDefaults } from '../../src/sseClient/watchSseOptions.ts';

const signals = {
  machine: signalsMachine,
  explorations: [
    {
      input: {
        options: { ...signalDefaults, echoMs: 0, hardDeadlineMs: 100, clock: { now: () => 0 } },
        numberOf: () => 2,
        tell: () => {},
      },
      events: [
        ...['SIGINT', 'SIGTERM'].map((signal) => ({ type: 'signal', signal })),
        { type: 'remove' },
        { type: 'xstate.done.actor.0.signals.leaving.draining', output: { reason: 'drained' } },
        { type: 'xstate.error.actor.0.signals.leaving.draining' },
        { type: 'xstate.done.actor.0.signals.leaving.finishing' },
        { type: 'xstate.error.actor.0.signals.leaving.finishing' },
      ],
    },
  ],
};

const notice = (changed: object) => ({ type: 'notice', lastEventId: '1', notice: { type: 'health', ...changed } });

const watchSse = {
  machine: watchSseMachine,
  explorations: [
    {
      input: { url: 'http://localhost/', options: { ...watchSseDefaults, random: () => 0.5 }, tell: () => {} },
      events: [
        ...['opened', 'alive', 'skipped', 'broken', 'ended', 'close'].map((type) => ({ type })),
        { type: 'retry', ms: 10 },
        { type: 'cursor', lastEventId: '1' },
        notice({}),
        notice({ type: 'goaway', uri: '/other' }),
        ...[204, 500].map((status) => ({ type: 'refused', status })),
      ],
      remembers: ({ reason }: WatchSseContext) => reason,
    },
  ],
};

/** The charts of this package, and how each is explored. */
export const charts = () => [signals, watchSse];
