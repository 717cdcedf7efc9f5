import { type HealthWatchContext, healthWatchMachine } from '../../src/client/healthWatchMachine.ts';
import { statusCode } from '../../src/protocol/callStatus.ts';

/** The charts of this package, and how each is explored. */
export const charts = () => [
  {
    machine: healthWatchMachine,
    explorations: [
      {
        input: { service: '', timeoutMs: 10, pollMs: 10, random: () => 0.5, now: () => 0 },
        events: [
          { type: 'heard', status: 'SERVING' },
          ...[statusCode.unimplemented, statusCode.deadlineExceeded, statusCode.ok].map((code) => ({
            type: 'failed',
            how: { code, details: '' },
          })),
          { type: 'failed', how: { code: statusCode.ok, details: '', hint: { reconnectAfterMs: 10 } } },
          { type: 'disconnected' },
          { type: 'close' },
        ],
        remembers: ({ briefAttempts, hint }: HealthWatchContext) => [
          Math.min(briefAttempts, 2),
          hint?.reconnectAfterMs,
        ],
      },
    ],
  },
];
