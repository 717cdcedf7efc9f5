import { UndecidedError, type Verdict } from '@watchkeeper/core';
import { CheckBrokenError } from '../check/errors.ts';

const stopped: ReadonlySet<unknown> = new Set([
  ...['dead', 'exited', 'paused', 'restarting', 'removing'],
  // Podman's own.
  ...['stopped', 'stopping'],
]);

/** Of a container that was made, but never ran; the last two are Podman's. */
const notStarted: ReadonlySet<unknown> = new Set(['created', 'configured', 'initialized']);

/** What stands for the health of a container without a health check: Docker's word, and Podman's. */
const noHealthCheck: ReadonlySet<unknown> = new Set(['none', '']);

/** The parts of an inspected container that its health is read from; all others are ignored. */
interface ContainerInspection {
  readonly State?: {
    readonly Status?: unknown;
    readonly Health?: { readonly Status?: unknown; readonly Log?: unknown } | null;
  };
}

/**
 * Returns the verdict on an inspected container (INV-69).
 *
 * @throws {@link CheckBrokenError} where the inspection holds no health, so that a fallback can take over.
 * @throws `UndecidedError` while the container is within its start period.
 */
export function containerVerdict(inspected: unknown): Verdict {
  const { State: state } = (inspected ?? {}) as ContainerInspection;
  if (typeof state !== 'object' || state === null) throw new CheckBrokenError('Docker did not report the state');
  if (stopped.has(state.Status)) return { status: 'fail', detail: `container is ${state.Status}` };
  if (notStarted.has(state.Status)) return { status: 'fail', detail: 'container is not started' };
  if (typeof state.Health !== 'object' || state.Health === null || noHealthCheck.has(state.Health.Status)) {
    throw new CheckBrokenError('Docker health is not available: the container has no health check');
  }
  if (state.Health.Status === 'starting') throw new UndecidedError('container health is starting');
  const last = Array.isArray(state.Health.Log) ? readLogEntry(state.Health.Log.at(-1)) : {};
  if (state.Health.Status === 'healthy') return { status: 'pass', ...last };
  return { status: 'fail', ...last, detail: last.detail || `container health is ${String(state.Health.Status)}` };
}

function readLogEntry(entry: unknown): { detail?: string; latencyMs?: number } {
  const { Output: output, Start: start, End: end } = (entry ?? {}) as Record<string, unknown>;
  const tookMs = Date.parse(String(end)) - Date.parse(String(start));
  return {
    ...(typeof output === 'string' && output.trim() !== '' ? { detail: output.trim() } : {}),
    ...(Number.isFinite(tookMs) && tookMs >= 0 ? { latencyMs: tookMs } : {}),
  };
}
