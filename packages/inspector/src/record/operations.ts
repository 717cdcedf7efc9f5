import type { DrainPhase, SupervisorEvent, SupervisorStats } from '@watchkeeper/core';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { BroadcastProgress, DrainProgress, Operation } from '../protocol/operation.ts';
import { valueAt } from '../redact/visibleContext.ts';

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

  note(event: SupervisorEvent, supervisor: Pick<InspectedSupervisor, 'stats' | 'peek'>): void {
    const { at: now } = event;
    switch (event.type) {
      case 'drain.entered':
        this.#drain = entered(
          this.#drain ?? begun(supervisor.stats(), now),
          event.phase,
          now,
          supervisor.peek?.('supervisor', '')?.context,
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

/** Path of the time limit of each phase in the supervisor's context. */
const limits: Readonly<Partial<Record<DrainPhase, string>>> = {
  withdraw: 'options.withdrawTimeoutMs',
  lag: 'drain.noticeMs',
  grace: 'drain.graceMs',
  join: 'options.closeTimeoutMs',
};

function entered(
  { phaseEndsAt: _before, ...drain }: Omit<DrainProgress, 'phase' | 'enteredAt'>,
  phase: DrainPhase,
  now: number,
  context: unknown,
): DrainProgress {
  const [limitMs, deadlineMs] = [valueAt(context, limits[phase] ?? ''), valueAt(context, 'drain.deadlineMs')];
  return {
    ...drain,
    phase,
    enteredAt: now,
    phases: [...drain.phases, [phase, now]],
    ...(typeof limitMs === 'number' ? { phaseEndsAt: now + limitMs } : {}),
    ...(typeof deadlineMs === 'number' ? { forceAt: drain.startedAt + deadlineMs } : {}),
  };
}
