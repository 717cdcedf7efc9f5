import type { DrainPhase, SupervisorDescription, SupervisorEvent, SupervisorStats } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { BroadcastProgress, DrainProgress, Operation } from '../protocol/operation.ts';

/** Progress of the latest broadcast and of the drain, from the supervisor's events. */
export class Operations {
  #drain: DrainProgress | undefined;
  #broadcast: BroadcastProgress | undefined;
  #version = 0;

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  get all(): readonly Operation[] {
    return [this.#drain, this.#broadcast].filter((operation): operation is Operation => operation !== undefined);
  }

  note(event: SupervisorEvent, supervisor: Pick<InspectedSupervisor, 'stats' | 'describe'>): void {
    const { at: now } = event;
    switch (event.type) {
      case 'drain.entered':
        this.#drain = entered(
          this.#drain ?? begun(supervisor.stats(), now),
          event.phase,
          now,
          supervisor.describe?.('supervisor', ''),
        );
        break;
      case 'actor.started':
        if (this.#drain === undefined || event.kind === 'monitor') return;
        this.#drain = { ...this.#drain, total: this.#drain.total + 1 };
        break;
      case 'actor.ended':
        if (this.#drain === undefined || event.kind === 'monitor') return;
        this.#drain = {
          ...this.#drain,
          ended: this.#drain.ended + 1,
          forced: this.#drain.forced + (event.reason === 'forced' || event.reason === 'stopped' ? 1 : 0),
        };
        break;
      case 'drain.ended':
        this.#drain = {
          ...(this.#drain ?? begun(supervisor.stats(), now)),
          phase: 'ended',
          enteredAt: now,
          report: event.report,
        };
        break;
      case 'notice.broadcast': {
        const { notice, notifiers } = event;
        const words =
          notice.type === 'goaway'
            ? 'goaway'
            : `${notice.topic === '' ? 'the whole' : notice.topic} is ${notice.health}`;
        const which = notice.type === 'goaway' ? {} : { topic: notice.topic, seq: notice.seq };
        this.#broadcast = { type: 'broadcast', words, at: now, notifiers, lost: 0, ...which };
        break;
      }
      case 'notice.converged': {
        const { topic, seq, told, tookMs } = event;
        if (this.#broadcast?.topic !== topic || this.#broadcast.seq !== seq) return;
        this.#broadcast = { ...this.#broadcast, converged: { told, tookMs } };
        break;
      }
      case 'notice.dropped':
        if (this.#broadcast === undefined) return;
        this.#broadcast = { ...this.#broadcast, lost: this.#broadcast.lost + event.count };
        break;
      case 'delivery.failed':
      case 'delivery.stalled':
        if (this.#broadcast === undefined) return;
        this.#broadcast = { ...this.#broadcast, lost: this.#broadcast.lost + 1 };
        break;
      default:
        return;
    }
    this.#version += 1;
  }
}

function begun(
  { sessions, notifiers }: Pick<SupervisorStats, 'sessions' | 'notifiers'>,
  at: number,
): Omit<DrainProgress, 'phase' | 'enteredAt'> {
  return { type: 'drain', startedAt: at, phases: [], total: sessions.open + notifiers.open, ended: 0, forced: 0 };
}

/** Returns the time limit of a phase, in milliseconds, where it has one. */
function limitOf(
  phase: DrainPhase,
  { withdrawTimeoutMs, closeTimeoutMs, drain }: SupervisorDescription,
): number | undefined {
  switch (phase) {
    case 'withdraw':
      return withdrawTimeoutMs;
    case 'lag':
      return drain.noticeMs;
    case 'grace':
      return drain.graceMs;
    case 'join':
      return closeTimeoutMs;
    default:
      return undefined;
  }
}

function entered(
  { phaseEndsAt: _before, ...drain }: Omit<DrainProgress, 'phase' | 'enteredAt'>,
  phase: DrainPhase,
  now: number,
  supervisor: SupervisorDescription | undefined,
): DrainProgress {
  const limitMs = supervisor === undefined ? undefined : limitOf(phase, supervisor);
  return {
    ...drain,
    phase,
    enteredAt: now,
    phases: [...drain.phases, [phase, now]],
    ...(limitMs === undefined ? {} : { phaseEndsAt: now + limitMs }),
    ...(supervisor === undefined ? {} : { forceAt: drain.startedAt + supervisor.drain.deadlineMs }),
  };
}
