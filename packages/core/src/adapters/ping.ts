import { createLeanActor, type LeanActorFrom } from '../actor/createLeanActor.ts';
import type { Clock } from '../clock/clock.ts';
import { type CompiledLogic, compile } from '../compile/compile.ts';
import { type PingInput, pingMachine } from './pingMachine.ts';

// One for each connection: compiled and lean, since there may be very many.
const pingLogic = compile(pingMachine);

/** The pings to one peer. Stop it when the connection has gone. */
export type Ping = LeanActorFrom<CompiledLogic<typeof pingMachine>>;

/** Starts to ping the peer of one connection; tell it of each answer by {@link noteAnswer}. */
export function startPing(clock: Clock, input: PingInput): Ping {
  return createLeanActor(pingLogic, { clock, input }).start();
}

/** Tells `ping` that its peer was heard of. Harmless after its end. */
export function noteAnswer(ping: Ping): void {
  if (ping.getSnapshot().status === 'active') ping.send({ type: 'answered' });
}
