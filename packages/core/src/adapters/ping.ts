import { createLeanActor, type LeanActorFrom } from '../actor/createLeanActor.ts';
import type { Clock } from '../clock/clock.ts';
import { type CompiledLogic, compile } from '../compile/compile.ts';
import { type PingInput, pingMachine } from './pingMachine.ts';

/** Options of {@link startPing}. */
export interface PingOptions extends Omit<PingInput, 'now' | 'stallToleranceMs'> {
  /**
   * A timeout that is noticed later than this was a stall of this program, as with checks: the peer is pinged again. In
   * milliseconds.
   * @default 250
   */
  readonly stallToleranceMs?: number;
}

// One for each connection: compiled and lean, since there may be very many.
const pingLogic = compile(pingMachine);

/** The pings to one peer. Stop it when the connection has gone. */
export type Ping = LeanActorFrom<CompiledLogic<typeof pingMachine>>;

/** Starts to ping the peer of one connection; tell it of each answer by {@link noteAnswer}. */
export function startPing(clock: Clock, { stallToleranceMs = 250, ...options }: PingOptions): Ping {
  const input: PingInput = { ...options, stallToleranceMs, now: () => clock.now() };
  return createLeanActor(pingLogic, { clock, input }).start();
}

/** Tells `ping` that its peer was heard of. Harmless after its end. */
export function noteAnswer(ping: Ping): void {
  if (ping.getSnapshot().status === 'active') ping.send({ type: 'answered' });
}
