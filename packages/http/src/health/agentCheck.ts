import { type Clock, type Supervisor, systemClock } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import { callable, positiveMs, type Rule, type Rules, requireOption, resolveOptions } from '@watchkeeper/core/options';
import { phaseWords } from './phaseWords.ts';

/** The part of a supervisor that an agent needs. */
export type AgentSource = Pick<Supervisor, 'phase' | 'health' | 'planes'> & Partial<Pick<Supervisor, 'startIgnored'>>;

/** The part of a TCP socket that an agent needs. */
export interface AgentSocket {
  on(event: 'error' | 'close', listener: () => void): unknown;
  end(text: string): unknown;
  /** Reads away what the asker says. */
  resume(): unknown;
  destroy(): unknown;
}

/** Options of {@link agentCheck}. */
export interface AgentCheckOptions {
  /**
   * The weight of a program that is degraded, in percent of what the load balancer has for it.
   * @default 100
   */
  readonly degradedWeight?: number;
  /**
   * Whether the program is to get no traffic at all, although it may be well. Called at each check; must not throw.
   * @default never
   */
  readonly maintenance?: () => boolean;
  /**
   * How long an asker may take to close, in milliseconds.
   * @default 1000
   */
  readonly closeTimeoutMs?: number;
  /**
   * The source of time.
   * @default the process's clock
   */
  readonly clock?: Clock;
}

/** Defaults of {@link AgentCheckOptions}. */
export const agentCheckDefaults = {
  degradedWeight: 100,
  maintenance: () => false,
  closeTimeoutMs: 1_000,
} as const satisfies Required<Omit<AgentCheckOptions, 'clock'>>;

const percent: Rule<number> = {
  is: 'a whole number from 1 to 100',
  accepts: (value): value is number => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 100,
};

const rules: Rules<AgentCheckOptions> = {
  degradedWeight: percent,
  maintenance: callable<() => boolean>(),
  closeTimeoutMs: positiveMs,
  clock: clockRule,
};

const sourceRule: Rule<AgentSource> = {
  is: 'a supervisor',
  accepts: (value): value is AgentSource =>
    typeof value === 'object' && value !== null && typeof (value as Partial<AgentSource>).planes === 'object',
};

/**
 * Makes a listener for a TCP server that tells HAProxy's `agent-check` how the program is: `up` with its weight, `down`
 * with why, `drain` while it drains, or `maint`.
 *
 * It says so at once, whatever it is sent, and ends; it asks no target. Listen on an address that only load balancers reach.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:net';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { agentCheck } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * createServer(agentCheck(keeper, { degradedWeight: 50 })).listen(8081, '127.0.0.1');
 * // HAProxy: server a 127.0.0.1:8080 check agent-check agent-port 8081 agent-inter 2s
 * ```
 */
export function agentCheck(keeper: AgentSource, given?: AgentCheckOptions): (socket: AgentSocket) => void {
  requireOption('agentCheck.keeper', sourceRule, keeper);
  const defaults: Required<AgentCheckOptions> = { ...agentCheckDefaults, clock: systemClock() };
  const options = resolveOptions<Required<AgentCheckOptions>>('agentCheck', rules, defaults, given);
  const { clock, closeTimeoutMs } = options;
  return (socket) => {
    const timer = clock.setTimeout(() => socket.destroy(), closeTimeoutMs);
    // A close follows; without a listener the error would end the process.
    socket.on('error', () => {});
    socket.on('close', () => clock.clearTimeout(timer));
    socket.resume();
    socket.end(`${replyOf(keeper, options)}\n`);
  };
}

/** `ready` takes back an earlier `drain` or `maint`, which would hold for ever. */
function replyOf(keeper: AgentSource, options: Required<AgentCheckOptions>): string {
  const { phase, planes, health } = keeper;
  const { maintenance, degradedWeight } = options;
  try {
    if (maintenance()) return 'maint';
  } catch {
    return 'down #hook';
  }
  if (phase === 'draining') return 'drain';
  if (phase !== 'running') return `down #${phaseWords(keeper)}`;
  if (!planes.ready) return `down #${planes.started ? health : 'starting'}`;
  return `up ready ${health === 'degraded' ? degradedWeight : 100}%`;
}
