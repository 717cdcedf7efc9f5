import type { Child } from './child.ts';
import type { AutoShutdown } from './childSpec.ts';

/** Whether the end of a child, which is forgotten already, shuts down the registry of the children that are `left`. */
export function shutsDown(autoShutdown: AutoShutdown, ended: Child, left: Iterable<Child>): boolean {
  if (autoShutdown === 'never' || !ended.spec.significant) return false;
  if (autoShutdown === 'any_significant') return true;
  for (const child of left) if (child.spec.significant && !child.isTerminated) return false;
  return true;
}
