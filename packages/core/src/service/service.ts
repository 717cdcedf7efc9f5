import type { Observable } from 'rxjs';
import type { Health } from '../model/health.ts';
import type { ServiceEnd, ServiceState, ServiceStatus } from '../model/service.ts';

/** One service: something of the program's own that runs, and is started, restarted and stopped in order. */
export interface Service {
  readonly id: string;
  readonly state: ServiceState;
  readonly health: Health;
  /** The present health, then each change, then completion when it ends for good. */
  readonly health$: Observable<Health>;
  readonly status: ServiceStatus;
  /** Resolves when it is ready for the first time; rejects with a {@link ServiceEndedError} when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended for good. Never rejects. */
  readonly ended: Promise<ServiceEnd>;
  /**
   * Stops the present run and begins another, which counts for no restart limit. One that waits for its next run begins it
   * now. What depends on it goes on.
   */
  restart(): void;
  /** Stops it for good, those that depend on it first. Its id is free then. */
  stop(): Promise<ServiceEnd>;
}
