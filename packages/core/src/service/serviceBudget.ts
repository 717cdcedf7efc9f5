import { InvalidOptionError } from '../errors.ts';

/** What stopping one service may take. */
export interface StopCost {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly quiesceMs: number;
  readonly shutdownMs: number;
}

/** Times that services must be stopped within, in milliseconds. */
export interface StopTimes {
  readonly deadlineMs: number;
  readonly noticeMs: number;
  readonly graceMs: number;
  readonly withdrawTimeoutMs: number;
  /** How long after its signal the platform kills; 0 where that is not known. */
  readonly terminationGraceMs: number;
}

/**
 * Checks that the longest chain of services, each of which stops only once those that rest on it have, can be stopped
 * before the deadline of a drain. Where the platform's own limit is known, the whole must fit: also what clients are given,
 * and what services may finish.
 *
 * @throws {@link InvalidOptionError} that names the chain.
 */
export function requireStopTime(costs: readonly StopCost[], times: StopTimes): void {
  if (costs.length === 0) return;
  const { ids, ms } = longestChain(costs);
  const { deadlineMs, withdrawTimeoutMs, noticeMs, graceMs, terminationGraceMs } = times;
  const chain = `the chain ${ids.join(', ')}, which takes ${ms}`;
  if (ms > deadlineMs) throw new InvalidOptionError('supervisor.drain.deadlineMs', `at least ${chain}`, deadlineMs);
  if (terminationGraceMs === 0) return;
  const quiesceMs = costs.reduce((most, cost) => Math.max(most, cost.quiesceMs), 0);
  const beforeMs = withdrawTimeoutMs + Math.max(noticeMs + graceMs, quiesceMs);
  if (beforeMs + ms <= deadlineMs) return;
  const rule = `at least withdrawTimeoutMs, clients and quiesceMs (${beforeMs}) and ${chain}`;
  throw new InvalidOptionError('supervisor.drain.deadlineMs', rule, deadlineMs);
}

/** Returns the chain that takes longest to stop, what is stopped first at the front. */
function longestChain(costs: readonly StopCost[]): { readonly ids: readonly string[]; readonly ms: number } {
  const byId = new Map(costs.map((cost) => [cost.id, cost]));
  const known = new Map<string, { readonly ids: readonly string[]; readonly ms: number }>();
  const chainFrom = (cost: StopCost): { readonly ids: readonly string[]; readonly ms: number } => {
    const found = known.get(cost.id);
    if (found !== undefined) return found;
    let rest: { readonly ids: readonly string[]; readonly ms: number } = { ids: [], ms: 0 };
    for (const id of cost.dependsOn) {
      const below = byId.get(id);
      const chain = below === undefined ? rest : chainFrom(below);
      if (chain.ms > rest.ms) rest = chain;
    }
    const chain = { ids: [cost.id, ...rest.ids], ms: cost.shutdownMs + rest.ms };
    known.set(cost.id, chain);
    return chain;
  };
  return costs.map(chainFrom).reduce((longest, chain) => (chain.ms > longest.ms ? chain : longest));
}
