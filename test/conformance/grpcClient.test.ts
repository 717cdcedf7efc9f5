import { type HealthChannel, type WatchListener, watchHealth } from '@watchkeeper/grpc/client';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { grpcClient } from './rows/grpcClient.ts';

describe(grpcClient.title, () => {
  it.each(grpcClient.rows)('$rule ($source)', async ({ input, expected }) => {
    const clock = new VirtualClock();
    let latest: WatchListener | undefined;
    const channel: HealthChannel = {
      check: async () => ({ failure: { code: 12, details: 'UNIMPLEMENTED' } }),
      watch: (_service, listener) => {
        latest = listener;
        return () => {};
      },
      onceDisconnected: () => () => {},
      close: () => {},
    };
    const watch = watchHealth({ target: 'scripted', clock, connect: () => channel, random: () => 0.5 });
    onTestFinished(() => watch.close());
    for (const step of input) {
      if ('says' in step) latest?.heard(step.says);
      else if ('ends' in step) latest?.ended({ code: step.ends, details: '' });
      else await clock.advance(step.waitMs);
    }
    expect(`${watch.view.mode} ${watch.view.status}`).toBe(expected);
  });
});
