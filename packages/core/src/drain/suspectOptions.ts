import type { SuspectOption } from '../events/startEvents.ts';

const names = ['terminationGraceMs', 'noticeMs', 'graceMs', 'deadlineMs'] as const;

/**
 * Returns which of `terminationGraceMs`, `noticeMs`, `graceMs` and `deadlineMs` are likely meant as seconds: those that are a
 * whole number from 1 to 59. Nobody drains in so few milliseconds, and manifests of Kubernetes count in seconds.
 *
 * @param owner comes before the names: `supervisor.drain` gives `supervisor.drain.graceMs`.
 * @param options options that were checked before; a value that is left out is not suspect.
 */
export function suspectOptions(
  owner: string,
  options: {
    readonly terminationGraceMs?: number;
    readonly noticeMs?: number;
    readonly graceMs?: number;
    readonly deadlineMs?: number;
  },
): readonly SuspectOption[] {
  return names.flatMap((name) => {
    const value = options[name];
    if (value === undefined || !Number.isInteger(value) || value < 1 || value > 59) return [];
    return [{ option: `${owner}.${name}`, value, suggested: value * 1_000 }];
  });
}
