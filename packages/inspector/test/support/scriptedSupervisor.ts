import type { ActorView, DrainReport, LossCounts, SupervisorEvent, SupervisorStats } from '@watchkeeper/core';
import { Subject } from 'rxjs';
import type { InspectedSupervisor } from '../../src/observed/inspectedSupervisor.ts';

const lost: LossCounts = {
  coalesced: 0,
  dropped: 0,
  stalled: 0,
  deliveriesFailed: 0,
  refused: 0,
  admitsFailed: 0,
  checksFailed: 0,
  verdictsDiscarded: 0,
  actorsFailed: 0,
  lawsViolated: 0,
};

/** A keeper whose actors a test sets by hand, and that counts how often it is looked at. */
export class ScriptedSupervisor implements InspectedSupervisor {
  readonly name = 'scripted';
  readonly events$ = new Subject<SupervisorEvent>();
  views: readonly ActorView[] = [];
  looks = 0;
  failure: Error | undefined;

  actors(): Iterable<ActorView> {
    this.looks += 1;
    if (this.failure !== undefined) throw this.failure;
    return this.views;
  }

  monitorOf(): undefined {
    return undefined;
  }

  observe(): () => void {
    return () => {};
  }

  drain(): Promise<DrainReport> {
    return Promise.reject(new Error('a scripted keeper does not drain'));
  }

  stats(): SupervisorStats {
    return {
      phase: 'running',
      health: 'healthy',
      started: true,
      ready: true,
      live: true,
      monitors: {
        total: 0,
        byHealth: {
          error: 0,
          unhealthy: 0,
          stale: 0,
          reconnecting: 0,
          starting: 0,
          degraded: 0,
          healthy: 0,
          paused: 0,
          stopped: 0,
        },
      },
      checks: { underWay: 0, queued: 0 },
      services: { total: 0 },
      notifiers: { open: 0 },
      sessions: { open: 0, taken: 0 },
      lost,
    };
  }
}

export const monitorView = (id: string, health: NonNullable<ActorView['health']>): ActorView => ({
  actorId: `monitor.${id}`,
  kind: 'monitor',
  id,
  value: { watching: { cadence: 'waiting', health, alert: 'quiet' } },
  health,
});
