import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type CloseReason,
  createSupervisor,
  type DrainReport,
  defineProbe,
  type Health,
  type Notice,
  type Probe,
  type Session,
  type Supervisor,
  type SupervisorEvent,
  type Verdict,
} from '../src/index.ts';

describe('the public face', () => {
  const keeper = createSupervisor();
  const probe = defineProbe('p', async () => ({ status: 'pass' }));

  it('flows to the caller without casts', () => {
    expectTypeOf(keeper).toEqualTypeOf<Supervisor>();
    expectTypeOf(keeper.health$).toEqualTypeOf<Observable<Health>>();
    expectTypeOf(keeper.events$).toEqualTypeOf<Observable<SupervisorEvent>>();
    expectTypeOf(keeper.drain()).toEqualTypeOf<Promise<DrainReport>>();
    expectTypeOf(keeper.monitor('a', probe).health).toEqualTypeOf<Health>();
    expectTypeOf(keeper.monitor).parameter(1).toEqualTypeOf<Probe>();
    const slot = keeper.reserve('peer');
    if (slot.reserved) {
      const session = slot.open({ goaway: (notice) => void notice.graceMs, close: async (_reason) => {} });
      expectTypeOf(session).toEqualTypeOf<Session>();
      expectTypeOf(session.closed).toEqualTypeOf<Promise<CloseReason>>();
    } else {
      expectTypeOf(slot.reason).toEqualTypeOf<'capacity' | 'draining' | 'overload'>();
      expectTypeOf(slot.retryAfterMs).toEqualTypeOf<number>();
      // @ts-expect-error a refusal cannot be opened
      slot.open({ goaway() {}, close() {} });
    }
  });

  it('takes anything with the shape of a probe', () => {
    keeper.monitor(
      'a',
      async (signal: AbortSignal): Promise<Verdict> => ({ status: signal.aborted ? 'fail' : 'pass' }),
    );
    keeper.monitor('b', async () => ({ status: 'warn', latencyMs: 3, measured: { days: 2 } }));
    // @ts-expect-error a probe answers a verdict, not a boolean
    keeper.monitor('c', async () => true);
    // @ts-expect-error there is no such status
    keeper.monitor('d', async () => ({ status: 'up' }));
    // @ts-expect-error a probe is asynchronous
    keeper.monitor('e', () => ({ status: 'pass' }));
  });

  it('hands a deliver its notice and a signal', () => {
    keeper.notifier('a', (notice, signal) => {
      expectTypeOf(notice).toEqualTypeOf<Notice>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    });
    keeper.notifier('b', async (notice) => {
      if (notice.type === 'goaway') expectTypeOf(notice.graceMs).toEqualTypeOf<number>();
      else expectTypeOf(notice.topic).toEqualTypeOf<string>();
    });
    // @ts-expect-error a deliver does not answer
    keeper.notifier('c', () => Promise.resolve(1));
  });

  it('narrows events by their type', () => {
    keeper.events$.subscribe((event) => {
      if (event.type === 'health.changed') expectTypeOf(event.to).toEqualTypeOf<Health>();
      if (event.type === 'drain.ended') expectTypeOf(event.report).toEqualTypeOf<DrainReport>();
      expectTypeOf(event.at).toEqualTypeOf<number>();
    });
  });

  it('refuses misspelt and mistyped options', () => {
    // @ts-expect-error no such option
    createSupervisor({ maxSession: 3 });
    // @ts-expect-error times are numbers of milliseconds
    keeper.monitor('a', probe, { intervalMs: '5s' });
    // @ts-expect-error no such option
    void keeper.drain({ graceSeconds: 3 });
    // @ts-expect-error a notice has a health, not a status
    keeper.broadcast({ type: 'health', topic: 'a', status: 'healthy' });
    // @ts-expect-error plain values are read-only
    keeper.stats().sessions.open = 3;
  });
});
